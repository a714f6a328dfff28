package io.urteil.gateway.tenant;

import io.urteil.event.Ids;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A user of the gateway. Its groups are stored under ids that begin with its name, so that two
 * tenants may use the same group ids.
 *
 * @param name letters, digits, {@code _} and {@code -}; empty for the only tenant of a gateway
 *     without keys, whose group ids are stored as they are
 * @param runs patterns of the runs it may use; {@code *} stands for any characters
 * @param share weight of its share of the open groups and bytes, at least 1
 * @param rates limits of its requests
 */
public record Tenant(String name, List<String> runs, int share, TenantRates rates) {

  /** The only tenant of a gateway without keys: everything is allowed. */
  public static final Tenant LOCAL = new Tenant("", List.of("*"), 1, TenantRates.UNLIMITED);

  public Tenant {
    runs = List.copyOf(runs);
  }

  /** Whether the tenant may use this run. */
  public boolean mayUse(String run) {
    return runs.stream().anyMatch(pattern -> matches(pattern, run));
  }

  /** Whether the tenant may use every run, whatever its name. */
  public boolean mayUseAll() {
    return runs.contains("*");
  }

  private static boolean matches(String pattern, String run) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL).matcher(run).matches();
  }

  /** The id under which a group of this tenant is stored. */
  public String stored(String id) {
    return name.isEmpty() ? id : name + Ids.TENANT_SEPARATOR + id;
  }

  /** The id that this tenant gave to a stored group; empty for a group of another tenant. */
  public Optional<String> shown(String stored) {
    if (name.isEmpty()) {
      return Optional.of(stored);
    }
    String prefix = name + Ids.TENANT_SEPARATOR;
    return stored.startsWith(prefix)
        ? Optional.of(stored.substring(prefix.length()))
        : Optional.empty();
  }
}
