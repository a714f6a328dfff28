package io.urteil.engine.scheduling;

import io.urteil.engine.ModelVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The loaded versions and the current one. Each request holds its version; a retired version
 * accepts no new requests and is closed when the last one releases it. Thread-safe.
 */
public final class ModelRegistry {

  private final Executor closer;
  private final Map<ModelVersion, VersionedModel> models = new LinkedHashMap<>();
  private volatile List<VersionedModel> running = List.of();
  private volatile @Nullable VersionedModel current;

  /**
   * @param closer closes versions outside the decoding thread
   */
  public ModelRegistry(Executor closer) {
    this.closer = closer;
  }

  /** False if the version is already registered, even if it is retired. */
  public synchronized boolean add(VersionedModel model) {
    if (models.putIfAbsent(model.version(), model) != null) {
      return false;
    }
    running = List.copyOf(models.values());
    return true;
  }

  public synchronized boolean contains(ModelVersion version) {
    return models.containsKey(version);
  }

  /** All versions that may have work, including retired ones that still drain. */
  public List<VersionedModel> running() {
    return running;
  }

  public synchronized List<ModelVersion> loaded() {
    return models.values().stream()
        .filter(model -> !model.isRetired())
        .map(VersionedModel::version)
        .toList();
  }

  public Optional<VersionedModel> current() {
    return Optional.ofNullable(current);
  }

  boolean isCurrent(VersionedModel model) {
    return Objects.equals(current, model);
  }

  /** Holds a version for a request that names it; empty if it is not loaded. */
  public synchronized Optional<VersionedModel> acquire(ModelVersion version) {
    VersionedModel model = models.get(version);
    if (model == null || model.isRetired()) {
      return Optional.empty();
    }
    model.acquire();
    return Optional.of(model);
  }

  /**
   * Holds a version for a request that names none; false if it is not the current version any more.
   */
  synchronized boolean acquireCurrent(VersionedModel model) {
    if (!Objects.equals(current, model)) {
      return false;
    }
    model.acquire();
    return true;
  }

  void release(VersionedModel model) {
    boolean drained;
    synchronized (this) {
      drained = model.release();
    }
    if (drained) {
      close(model);
    }
  }

  public synchronized void makeCurrent(ModelVersion version) {
    VersionedModel model = models.get(version);
    if (model == null || model.isRetired()) {
      throw new IllegalArgumentException(
          "version: %s (expected: a loaded one, of %s)".formatted(version, loaded()));
    }
    current = model;
  }

  public CompletableFuture<Void> retire(ModelVersion version) {
    VersionedModel model;
    boolean drained;
    synchronized (this) {
      model = models.get(version);
      if (model == null) {
        return CompletableFuture.completedFuture(null);
      }
      if (Objects.equals(current, model)) {
        throw new IllegalArgumentException(
            "version: %s (expected: not the current one)".formatted(version));
      }
      drained = !model.isRetired();
      model.retire();
      drained &= model.isDrained();
    }
    if (drained) {
      close(model);
    }
    return model.closed().copy();
  }

  /** Closes everything on the calling thread; no request may be running. */
  public void closeAll() {
    List<VersionedModel> left;
    synchronized (this) {
      left = List.copyOf(models.values());
      models.clear();
      running = List.of();
      current = null;
    }
    left.forEach(VersionedModel::close);
  }

  private void close(VersionedModel model) {
    closer.execute(
        () -> {
          synchronized (this) {
            if (!models.remove(model.version(), model)) {
              return;
            }
            running = List.copyOf(models.values());
          }
          model.close();
        });
  }
}
