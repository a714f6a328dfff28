package io.urteil.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plug-ins of this process: on the class path, or in the jars of a directory. Each kind of
 * provider is loaded once, when its first plug-in is needed. Thread-safe.
 */
public final class Plugins {

  private static @Nullable Path directory;
  private static @Nullable ClassLoader loader;
  private static final Map<Class<?>, Map<String, ?>> LOADED = new HashMap<>();

  private Plugins() {}

  /**
   * Sets the directory of the jars. Called before the first plug-in is needed.
   *
   * @throws IllegalArgumentException if there is no such directory
   */
  public static synchronized void loadFrom(Path jars) {
    if (!Files.isDirectory(jars)) {
      throw new IllegalArgumentException(
          "plugins: no directory %s (expected: one with jars)".formatted(jars));
    }
    directory = jars;
    loader = null;
    LOADED.clear();
  }

  /**
   * The provider of a plug-in.
   *
   * @param provider interface that the plug-in implements
   * @param nameOf name of a provider in run files
   * @throws IllegalArgumentException if the plug-in is not installed, or is installed twice
   */
  public static <P> P named(Class<P> provider, Function<P, String> nameOf, String name) {
    Map<String, P> installed = installed(provider, nameOf);
    P found = installed.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "plug-in '%s' (expected: an installed %s, which are: %s; see ops/docs/extend/README.md)"
              .formatted(
                  name,
                  provider.getSimpleName(),
                  installed.isEmpty() ? "none" : String.join(", ", installed.keySet())));
    }
    return found;
  }

  @SuppressWarnings("unchecked") // a map is stored under the class of its values
  private static synchronized <P> Map<String, P> installed(
      Class<P> provider, Function<P, String> nameOf) {
    Map<String, P> known = (Map<String, P>) LOADED.get(provider);
    if (known != null) {
      return known;
    }
    Map<String, P> found = new TreeMap<>();
    for (P plugin : ServiceLoader.load(provider, loader())) {
      P other = found.put(nameOf.apply(plugin), plugin);
      if (other != null) {
        throw new IllegalArgumentException(
            "plug-in '%s': in %s and %s (expected: in one)"
                .formatted(
                    nameOf.apply(plugin), other.getClass().getName(), plugin.getClass().getName()));
      }
    }
    LOADED.put(provider, found);
    return found;
  }

  private static ClassLoader loader() {
    ClassLoader known = loader;
    if (known == null) {
      known = loader(directory);
      loader = known;
    }
    return known;
  }

  private static ClassLoader loader(@Nullable Path jars) {
    ClassLoader own = Plugins.class.getClassLoader();
    if (jars == null) {
      return own;
    }
    try (Stream<Path> files = Files.list(jars)) {
      List<URL> urls = new ArrayList<>();
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        urls.add(url(jar));
      }
      // Open until the process ends: plug-ins load classes when they need them.
      return new URLClassLoader("plugins", urls.toArray(URL[]::new), own);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "plugins: %s cannot be read (expected: a directory of jars)".formatted(jars), e);
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
