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

  private static final FileRoots ANY = new FileRoots(null);
  private static final int MAX_SHOWN = 100;

  private final @Nullable List<Path> roots;

  private FileRoots(@Nullable List<Path> roots) {
    this.roots = roots;
  }

  /** No limits, for a command that runs a file of its own user. */
  public static FileRoots any() {
    return ANY;
  }

  /** These folders, which need not exist yet. */
  public static FileRoots of(List<Path> roots) {
    return new FileRoots(List.copyOf(roots));
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
    Path resolved = resolved(named);
    if (resolved == null || roots.stream().map(FileRoots::resolved).noneMatch(below(resolved))) {
      throw rejected(
          what, shown, "a path below the data directory or a model root of this process");
    }
    return resolved;
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
