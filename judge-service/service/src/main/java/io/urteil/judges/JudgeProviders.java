package io.urteil.judges;

import io.urteil.judge.api.Judge;
import io.urteil.judge.api.JudgeProvider;
import io.urteil.judge.api.JudgeSettings;
import io.urteil.run.judge.CustomJudge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of judges that others add: on the class path, or in jars of a directory. They are
 * looked for once a process.
 */
public final class JudgeProviders {

  private static @Nullable Path jars;
  private static @Nullable JudgeProviders loaded;

  private final TreeMap<String, JudgeProvider> kinds = new TreeMap<>();

  private JudgeProviders(ClassLoader loader) {
    for (JudgeProvider kind : ServiceLoader.load(JudgeProvider.class, loader)) {
      JudgeProvider other = kinds.put(kind.type(), kind);
      if (other != null) {
        throw new IllegalArgumentException(
            "judge type '%s': in %s and %s (expected: in one)"
                .formatted(kind.type(), other.getClass().getName(), kind.getClass().getName()));
      }
    }
  }

  /**
   * Names the directory whose jars are looked through; before the first judge is made.
   *
   * @throws IllegalArgumentException when there is no such directory
   */
  public static synchronized void lookIn(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "judges: no directory %s (expected: one with jars)".formatted(directory));
    }
    jars = directory;
    loaded = null;
  }

  /** The judge of an added kind. */
  static Judge make(CustomJudge description) {
    JudgeProviders all = all();
    JudgeProvider kind = all.kinds.get(description.type());
    if (kind == null) {
      throw new IllegalArgumentException(
          "judge type: '%s' (expected: one that was added: %s; see ops/docs/write-a-judge.md)"
              .formatted(
                  description.type(),
                  all.kinds.isEmpty() ? "none was" : String.join(", ", all.kinds.keySet())));
    }
    JudgeSettings settings = new JudgeSettings(description.type(), description.settings());
    Judge judge = kind.make(settings);
    settings.refuseUnknown();
    return judge;
  }

  private static synchronized JudgeProviders all() {
    JudgeProviders known = loaded;
    if (known == null) {
      known = new JudgeProviders(loader(jars));
      loaded = known;
    }
    return known;
  }

  private static ClassLoader loader(@Nullable Path directory) {
    ClassLoader own = JudgeProviders.class.getClassLoader();
    if (directory == null) {
      return own;
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<URL> jars = new ArrayList<>();
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        jars.add(url(jar));
      }
      // Open as long as the process: judges load their classes when they need them.
      return new URLClassLoader("judges", jars.toArray(URL[]::new), own);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "judges: %s cannot be read (expected: a directory of jars)".formatted(directory), e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
