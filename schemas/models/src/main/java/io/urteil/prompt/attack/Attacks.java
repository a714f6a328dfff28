package io.urteil.prompt.attack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The attacks that test every parser, judge prompt and rule. */
public final class Attacks {

  private static final String RESOURCE = "attacks.yaml";

  private Attacks() {}

  /** All attacks, in the order of the file. */
  public static List<Attack> all() {
    try (InputStream in = Attacks.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return new YAMLMapper().readValue(in, new TypeReference<List<Attack>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
