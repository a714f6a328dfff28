package io.urteil.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** The ACLs that security.md lists, for users of the components' names. */
final class DocumentedAcls {

  private static final Path PAGE = Path.of("../docs/security.md");
  private static final String ALL = "all";

  private DocumentedAcls() {}

  /** The ACLs of a tenant. */
  static List<AclBinding> read(String prefix) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    boolean inTable = false;
    for (String line : Files.readAllLines(PAGE)) {
      inTable = line.startsWith("| component |") || inTable && line.startsWith("|");
      List<String> cells =
          List.of(line.replace("`", "").strip().replaceAll("^\\||\\|$", "").split("\\s*\\|\\s*"));
      if (inTable && cells.size() == 4 && !cells.getFirst().strip().matches("component|-+")) {
        rows.add(cells.stream().map(String::strip).toList());
      }
    }
    Set<String> components = new LinkedHashSet<>();
    rows.forEach(row -> components.add(row.getFirst()));
    components.remove(ALL);
    List<AclBinding> acls = new ArrayList<>();
    for (List<String> row : rows) {
      for (String user : row.getFirst().equals(ALL) ? components : Set.of(row.getFirst())) {
        for (String operation : row.get(3).split(",\\s*")) {
          acls.add(acl(prefix, user, row.get(1), row.get(2), operation));
        }
      }
    }
    return acls;
  }

  private static AclBinding acl(
      String prefix, String user, String type, String name, String operation) {
    boolean begins = name.endsWith("*");
    String full = prefix + (begins ? name.substring(0, name.length() - 1) : name);
    return new AclBinding(
        new ResourcePattern(
            ResourceType.fromString(type.toUpperCase(Locale.ROOT).replace(' ', '_')),
            full,
            begins ? PatternType.PREFIXED : PatternType.LITERAL),
        new AccessControlEntry(
            "User:" + user, "*", SecurityUtils.operation(operation), AclPermissionType.ALLOW));
  }
}
