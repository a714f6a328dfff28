package io.urteil.cli.option;

import io.urteil.gateway.GatewaySettings;
import io.urteil.gateway.tenant.TenantKeysFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file with the keys of the gateway's tenants. */
public final class KeysOption {

  @Option(
      names = "--keys-file",
      paramLabel = "FILE",
      description =
          "File with the keys of the gateway's tenants, their runs and limits; without it the"
              + " gateway serves this machine only (default: urteil.gateway.keys-file).")
  private @Nullable Path file;

  /**
   * These settings with the keys of the file.
   *
   * @throws IllegalArgumentException naming every problem of the file
   */
  public GatewaySettings applyTo(GatewaySettings settings) {
    return file == null ? settings : settings.withKeys(TenantKeysFile.open(file));
  }
}
