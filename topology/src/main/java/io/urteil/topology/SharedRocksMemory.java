package io.urteil.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the RocksDB memory of all stores together; the default of Streams is about 100 MB per
 * store and partition. Streams instantiates this class by name.
 */
public final class SharedRocksMemory implements RocksDBConfigSetter {

  private static final long CACHE_BYTES = 128L << 20;
  private static final long WRITE_BUFFER_BYTES = 64L << 20;
  private static final long MEMTABLE_BYTES = 8L << 20;
  private static final long BLOCK_BYTES = 8L << 10;

  private static final class Shared {
    static final Cache CACHE;
    static final WriteBufferManager WRITE_BUFFERS;

    static {
      RocksDB.loadLibrary();
      CACHE = new LRUCache(CACHE_BYTES);
      WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
    }
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
    tables.setBlockCache(Shared.CACHE);
    tables.setCacheIndexAndFilterBlocks(true);
    tables.setBlockSize(BLOCK_BYTES);
    tables.setFilterPolicy(new BloomFilter());
    options.setTableFormatConfig(tables);
    options.setWriteBufferManager(Shared.WRITE_BUFFERS);
    options.setWriteBufferSize(MEMTABLE_BYTES);
    options.setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String storeName, Options options) {
    // The shared cache and write buffers live as long as the process.
  }
}
