package io.urteil.topology;

import io.urteil.event.TestEvents;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;

/** The run of {@link TestEvents}, with lines of its file replaced. */
public final class TestRun {

  private TestRun() {}

  /** The run as it stands in {@link TestEvents#RUN_FILE}. */
  public static RunFile plain() {
    return RunFileReader.read("test", TestEvents.RUN_FILE);
  }

  /** The run with the line of {@code key} replaced by {@code key: value}; added when missing. */
  public static RunFile with(String key, String value) {
    return RunFileReader.read("test", replaced(TestEvents.RUN_FILE, key, value));
  }

  /** As {@link #with(String, String)}, for two keys. */
  public static RunFile with(String key, String value, String otherKey, String otherValue) {
    return RunFileReader.read(
        "test", replaced(replaced(TestEvents.RUN_FILE, key, value), otherKey, otherValue));
  }

  private static String replaced(String text, String key, String value) {
    String line = "(?m)^" + key + ":.*$";
    String wanted = key + ": " + value;
    return text.lines().anyMatch(found -> found.startsWith(key + ":"))
        ? text.replaceFirst(line, java.util.regex.Matcher.quoteReplacement(wanted))
        : text + wanted + "\n";
  }
}
