package io.urteil.cli.option;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of the Maven build, and of the Java runtime. */
public final class UrteilVersion implements IVersionProvider {

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "urteil " + number(), "Java " + Runtime.version() + " at " + System.getProperty("java.home")
    };
  }

  /** The version of the Maven build. */
  public static String number() throws IOException {
    Properties properties = new Properties();
    try (InputStream file =
        Objects.requireNonNull(UrteilVersion.class.getResourceAsStream("version.properties"))) {
      properties.load(file);
    }
    return String.valueOf(properties.getProperty("version"));
  }
}
