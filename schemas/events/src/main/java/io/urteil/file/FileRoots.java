package io.urteil.file;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The folders in which a process opens files that events and run files name: models, judge prompts,
 * data, checkpoints. Everyone who may write to a topic chooses such a name, so a component of a
 * service opens files only below its roots; a command that runs a file of its own user has no
 * limits.
 *
 * <p>A name is resolved completely before it is compared: {@code ..} and symbolic links, also in
 * its existing parents. The result is the resolved path, and callers open that. A name outside of
 * the roots is rejected in the same way whether a file exists there or not. Immutable.
 */
public final class FileRoots {

  /** The folder of the models in packaged run files, which users replace by their own. */
  private static final String PLACEHOLDERS = "models/";

  private static final FileRoots ANY = new FileRoots(null, HubCache.ofProcess());
  private static final int MAX_SHOWN = 100;

  private final @Nullable List<Path> roots;

  private final HubCache hub;

  private FileRoots(@Nullable List<Path> roots, HubCache hub) {
    this.roots = roots;
    this.hub = hub;
  }

  /** No limits, for a command that runs a file of its own user. */
  public static FileRoots any() {
    return ANY;
  }

  /** These folders, which need not exist yet. */
  public static FileRoots of(List<Path> roots) {
    return new FileRoots(List.copyOf(roots), HubCache.ofProcess());
  }

  /** The same files, with models of this cache. */
  public FileRoots with(HubCache cache) {
    return new FileRoots(roots, cache);
  }

  /**
   * The directory of a model: the named directory if it exists, else the snapshot in the hub's
   * cache of a model with this name. Nothing is downloaded. Both are below a root; a relative
   * directory {@code OWNER/MODEL} has precedence over the model of this name.
   *
   * @param what the named thing, for messages
   * @throws IllegalArgumentException when it is not below a root, or a name that is not cached
   */
  public Path requireModel(String what, Path named) {
    ModelName name = ModelName.parse(named.toString()).orElse(null);
    if (name == null) {
      return require(what, named);
    }
    return allowed(named)
        .filter(Files::isDirectory)
        .or(() -> hub.snapshot(name).flatMap(this::allowed))
        .orElseThrow(() -> uncached(what, name));
  }

  /** The name that {@link #requireModel} would reject because the model is not cached. */
  public Optional<ModelName> uncachedModel(Path named) {
    return ModelName.parse(named.toString())
        .filter(name -> allowed(named).filter(Files::isDirectory).isEmpty())
        .filter(name -> hub.snapshot(name).isEmpty());
  }

  private Optional<Path> allowed(Path path) {
    if (roots == null) {
      return Optional.of(path);
    }
    Path resolved = resolved(path);
    return Optional.ofNullable(resolved)
        .filter(found -> roots.stream().map(FileRoots::resolved).anyMatch(below(found)));
  }

  private Rejected uncached(String what, ModelName name) {
    return rejected(
        what,
        name.toString(),
        roots == null
            ? "a directory, or a model in the cache %s; %s"
                .formatted(
                    hub.directory(),
                    name.toString().startsWith(PLACEHOLDERS)
                        ? "the run file or --model names another one"
                        : "urteil models fetch " + name + " downloads it")
            : "a model directory or a model in the hub's cache, below the data directory or a model"
                + " root of this process; nothing is downloaded here");
  }

  /**
   * The resolved path of a name.
   *
   * @param what the named thing, for messages
   * @throws IllegalArgumentException when it is not below a root; the message has the name only
   */
  public Path require(String what, Path named) {
    if (roots == null) {
      return named;
    }
    return required(what, named.toString(), named);
  }

  /**
   * The resolved path of a name.
   *
   * @throws IllegalArgumentException when it is no path, or not below a root
   */
  public Path require(String what, String named) {
    return required(what, named, parsed(what, named));
  }

  /**
   * The resolved folder of a URI: of scheme {@code file} without host, query and fragment, or of a
   * path.
   *
   * @throws IllegalArgumentException when it is neither, or not below a root
   */
  public Path requireUri(String what, String uri) {
    if (!uri.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      return require(what, uri);
    }
    if (!uri.toLowerCase(Locale.ROOT).startsWith("file:")) {
      throw rejected(what, uri, "a URI of the scheme file");
    }
    try {
      URI parsed = URI.create(uri);
      if (parsed.getRawAuthority() != null
          || parsed.getRawQuery() != null
          || parsed.getRawFragment() != null
          || parsed.getRawPath() == null
          || parsed.getRawPath().startsWith("//")) {
        throw rejected(what, uri, "a file URI without host, query and fragment");
      }
      return required(what, uri, Path.of(parsed));
    } catch (FileSystemNotFoundException | InvalidPathException e) {
      throw rejected(what, uri, "a file URI");
    } catch (IllegalArgumentException e) {
      throw e instanceof Rejected ? e : rejected(what, uri, "a file URI");
    }
  }

  private Path required(String what, String shown, Path named) {
    if (roots == null) {
      return named;
    }
    return allowed(named)
        .orElseThrow(
            () ->
                rejected(
                    what,
                    shown,
                    "a path below the data directory or a model root of this process"));
  }

  private static Predicate<@Nullable Path> below(Path path) {
    return root -> root != null && path.startsWith(root);
  }

  private static Path parsed(String what, String named) {
    if (named.isBlank() || named.startsWith("//") || named.startsWith("\\\\")) {
      throw rejected(what, named, "a path");
    }
    try {
      return Path.of(named);
    } catch (InvalidPathException e) {
      throw rejected(what, named, "a path");
    }
  }

  /**
   * The path without links: that of the nearest parent that exists, with the rest; null if it
   * cannot be read.
   */
  private static @Nullable Path resolved(Path path) {
    try {
      Path absolute = path.toAbsolutePath();
      List<Path> rest = new ArrayList<>();
      Path existing = absolute;
      while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
        Path name = existing.getFileName();
        Path parent = existing.getParent();
        if (name == null || parent == null || name.toString().equals("..")) {
          // What does not exist has no parent to go back to.
          return null;
        }
        rest.addFirst(name);
        existing = parent;
      }
      Path real = existing.toRealPath();
      for (Path name : rest) {
        real = real.resolve(name.toString());
      }
      return real.normalize();
    } catch (IOException | SecurityException e) {
      return null;
    }
  }

  private static Rejected rejected(String what, String named, String expected) {
    return new Rejected("%s: '%s' (expected: %s)".formatted(what, shown(named), expected));
  }

  private static String shown(String named) {
    String start = named.length() <= MAX_SHOWN ? named : named.substring(0, MAX_SHOWN) + "…";
    return start.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
  }

  /** A rejected name. */
  private static final class Rejected extends IllegalArgumentException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    Rejected(String message) {
      super(message);
    }
  }
}
