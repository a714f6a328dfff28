package io.urteil.local.hub;

/** Receives the progress of a download, on its thread. */
public interface FetchProgress {

  /** No reports. */
  FetchProgress NONE =
      new FetchProgress() {
        @Override
        public void bytes(long done, long total) {}

        @Override
        public void waiting() {}
      };

  /**
   * Bytes are in the cache.
   *
   * @param done of the files of this model, those of earlier downloads included
   * @param total of all files that are known by now
   */
  void bytes(long done, long total);

  /** Another process downloads this model; this one continues when it is done. */
  void waiting();
}
