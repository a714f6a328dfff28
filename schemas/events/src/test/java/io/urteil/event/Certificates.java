package io.urteil.event;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Self-signed certificates for tests, by the JDK's keytool, in a directory. */
public final class Certificates {

  /** Password of every store. */
  public static final String PASSWORD = "for-tests";

  private final Path directory;

  /** Certificates in this directory, which exists. */
  public Certificates(Path directory) {
    this.directory = directory;
  }

  /** A key store with one key of this name; its certificate is of 127.0.0.1. */
  public Path keyStore(String name) {
    Path store = directory.resolve(name + ".p12");
    keytool(
        "-genkeypair -alias %1$s -dname CN=%1$s,O=Urteil -ext san=ip:127.0.0.1 -keyalg EC"
            .formatted(name),
        store);
    return store;
  }

  /** A trust store with the certificates of these key stores. */
  public Path trustStore(String name, Path... keyStores) {
    Path store = directory.resolve(name + ".p12");
    for (Path keyStore : keyStores) {
      String alias = keyStore.getFileName().toString().replace(".p12", "");
      Path certificate = directory.resolve(alias + ".cer");
      keytool("-exportcert -alias %s -file %s".formatted(alias, certificate), keyStore);
      keytool("-importcert -noprompt -alias %s -file %s".formatted(alias, certificate), store);
    }
    return store;
  }

  private static void keytool(String arguments, Path store) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(
        List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-storetype", "PKCS12"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + output);
      }
    } catch (IOException e) {
      throw new AssertionError(command.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted during " + command, e);
    }
  }
}
