package io.urteil.engine;

import io.urteil.model.DecoderConfig;

/**
 * Sizes of the keys and values of a model. Their blocks are {@code [slot, head, capacity,
 * headDimension]}, two for each layer. The operating system provides their memory in pages, when a
 * position of a page is written for the first time.
 *
 * @param blocks keys and values of each layer
 * @param heads of keys and values
 * @param capacity positions of a slot
 * @param vectorBytes of one head at one position
 * @param pageBytes of the operating system
 */
public record CacheShape(int blocks, int heads, int capacity, int vectorBytes, int pageBytes) {

  /** The page of most machines. */
  public static final int PAGE_BYTES = 4096;

  private static final int BLOCKS_PER_LAYER = 2;

  /**
   * The sizes of a model.
   *
   * @param numberBytes of one number
   */
  public static CacheShape of(DecoderConfig config, int capacity, int numberBytes) {
    return new CacheShape(
        BLOCKS_PER_LAYER * config.layers(),
        config.keyValueHeads(),
        capacity,
        config.headDimension() * numberBytes,
        PAGE_BYTES);
  }

  /** The same on a machine with pages of this size. */
  public CacheShape withPages(int bytes) {
    return new CacheShape(blocks, heads, capacity, vectorBytes, bytes);
  }

  /** Bytes of one head of a slot in one block. */
  public long headBytes() {
    return (long) capacity * vectorBytes;
  }

  /** Bytes of a slot in one block. */
  public long slotBlockBytes() {
    return heads * headBytes();
  }

  /** Bytes of a slot, all positions of all blocks. */
  public long slotBytes() {
    return blocks * slotBlockBytes();
  }

  /**
   * Memory that a slot takes after its first {@code positions} were written, in whole pages. Where
   * heads do not start at a page, a page may count for both of its heads.
   */
  public long bytes(int positions) {
    if (positions == 0) {
      return 0;
    }
    long pages = Math.ceilDiv((long) positions * vectorBytes, pageBytes);
    long edge = headBytes() % pageBytes == 0 ? 0 : 1;
    return (long) blocks * heads * (pages + edge) * pageBytes;
  }
}
