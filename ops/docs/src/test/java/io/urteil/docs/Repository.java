package io.urteil.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkout that the tests run in. */
final class Repository {

  static final Path ROOT = root();

  private static final List<String> SOURCE_FOLDERS =
      List.of("schemas", "topology", "judge-service", "trainer-service", "ops");

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  private Repository() {}

  static String text(String place) throws IOException {
    return Files.readString(ROOT.resolve(place));
  }

  /** README.md, that of each module, and everything under ops/docs. */
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    modules().stream()
        .filter(module -> !module.equals("ops/docs"))
        .forEach(module -> pages.add(ROOT.resolve(module).resolve("README.md")));
    try (Stream<Path> files = Files.walk(ROOT.resolve("ops/docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** Folders of the modules, from the root. */
  static List<String> modules() throws IOException {
    return MODULE.matcher(text("pom.xml")).results().map(found -> found.group(1)).toList();
  }

  /** Java sources of all modules under {@code src/main} or {@code src/test}. */
  static List<Path> javaSources(String kind) throws IOException {
    List<Path> sources = new ArrayList<>();
    String within = "/src/" + kind + "/java/";
    for (String folder : SOURCE_FOLDERS) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> file.toString().replace('\\', '/').contains(within))
            .sorted()
            .forEach(sources::add);
      }
    }
    return sources;
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("ops/urteil"))) {
      here = Objects.requireNonNull(here.getParent(), "a folder above with ops/urteil");
    }
    return here;
  }
}
