package io.urteil.testing;

import io.urteil.metrics.MeterDefinition;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * All meter definitions on the class path, which are constants of classes named {@code …Metrics}.
 */
public final class MeterDefinitions {

  private static final String CLASS_NAME = "io/urteil/.*/[A-Z]\\w*Metrics\\.class";

  private MeterDefinitions() {}

  /** The definitions, sorted by name. */
  public static SequencedMap<String, MeterDefinition> all() {
    SequencedMap<String, MeterDefinition> found = new TreeMap<>();
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .flatMap(path -> classFiles(Path.of(path)).stream())
        .filter(file -> file.matches(CLASS_NAME))
        .distinct()
        .forEach(file -> addConstants(file, found));
    return found;
  }

  private static void addConstants(String classFile, SequencedMap<String, MeterDefinition> found) {
    String name = classFile.replace(".class", "").replace('/', '.');
    try {
      for (Field field : Class.forName(name).getDeclaredFields()) {
        if (field.getType() == MeterDefinition.class) {
          field.setAccessible(true);
          MeterDefinition definition = (MeterDefinition) field.get(null);
          MeterDefinition other = found.putIfAbsent(definition.name(), definition);
          if (other != null) {
            throw new AssertionError("duplicate definition of " + definition);
          }
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("cannot read the constants of " + name, e);
    }
  }

  private static List<String> classFiles(Path path) {
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.walk(path)) {
          return files.map(file -> path.relativize(file).toString().replace('\\', '/')).toList();
        }
      }
      if (!Files.isRegularFile(path) || !path.getFileName().toString().startsWith("urteil-")) {
        return List.of();
      }
      try (JarFile jar = new JarFile(path.toFile())) {
        return jar.stream().map(entry -> entry.getName()).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + path, e);
    }
  }
}
