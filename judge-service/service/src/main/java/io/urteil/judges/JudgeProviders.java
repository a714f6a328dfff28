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
 * The judge plug-ins on the class path and in the jars of one directory, discovered once per
 * process.
 */
public final class JudgeProviders {

  private static @Nullable Path jars;
  private static @Nullable JudgeProviders loaded;

  private final TreeMap<String, JudgeProvider> providers = new TreeMap<>();

  private JudgeProviders(ClassLoader loader) {
    for (JudgeProvider provider : ServiceLoader.load(JudgeProvider.class, loader)) {
      JudgeProvider other = providers.put(provider.type(), provider);
      if (other != null) {
        throw new IllegalArgumentException(
            "judge type '%s': in %s and %s (expected: in one)"
                .formatted(
                    provider.type(), other.getClass().getName(), provider.getClass().getName()));
      }
    }
  }

  /**
   * Sets the directory of the plug-in jars. Must be called before the first judge is created.
   *
   * @throws IllegalArgumentException when the directory does not exist
   */
  public static synchronized void loadFrom(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "judge plug-ins: %s (expected: a directory of jars)".formatted(directory));
    }
    jars = directory;
    loaded = null;
  }

  /** Creates the judge of a plug-in. */
  static Judge make(CustomJudge description) {
    JudgeProviders all = all();
    JudgeProvider provider = all.providers.get(description.type());
    if (provider == null) {
      throw new IllegalArgumentException(
          "judge type: '%s' (expected: a judge plug-in: %s; see ops/docs/write-a-judge.md)"
              .formatted(
                  description.type(),
                  all.providers.isEmpty()
                      ? "none found"
                      : String.join(", ", all.providers.keySet())));
    }
    JudgeSettings settings = new JudgeSettings(description.type(), description.settings());
    Judge judge = provider.make(settings);
    settings.rejectUnknown();
    return judge;
  }

  private static synchronized JudgeProviders all() {
    JudgeProviders providers = loaded;
    if (providers == null) {
      providers = new JudgeProviders(loader(jars));
      loaded = providers;
    }
    return providers;
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
      // Never closed: judges load classes lazily for as long as the process runs.
      return new URLClassLoader("judges", jars.toArray(URL[]::new), own);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "judge plug-ins: cannot read %s (expected: a directory of jars)".formatted(directory), e);
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
