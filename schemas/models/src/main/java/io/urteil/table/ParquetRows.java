package io.urteil.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Apache Parquet. The library's steps run on a thread of their own with a time limit, because it
 * does not return from some damaged files.
 */
final class ParquetRows {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Time of the library for one row; the next rows are decoded beforehand. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("urteil-parquet").factory());
  private final Duration limit;

  ParquetRows(Duration limit) {
    this.limit = limit;
  }

  static void read(ByteBuffer content, RowReader rows) throws IOException {
    ParquetRows steps = new ParquetRows(LIMIT);
    try {
      steps.readAll(content, rows);
    } finally {
      steps.thread.shutdownNow();
    }
  }

  private void readAll(ByteBuffer content, RowReader rows) throws IOException {
    ParquetFileReader file = step(() -> ParquetFileReader.open(InputFile.of(content)));
    dev.hardwood.reader.RowReader reader = step(file::rowReader);
    long number = 0;
    while (step(reader::hasNext)) {
      ObjectNode row =
          step(
              () -> {
                reader.next();
                return object(reader);
              });
      rows.row("row " + ++number, row);
    }
    step(
        () -> {
          reader.close();
          file.close();
          return true;
        });
  }

  /**
   * Runs a step of the library.
   *
   * @throws IOException if it fails, or does not return in time
   */
  <T> T step(Callable<T> step) throws IOException {
    Future<T> result = thread.submit(step);
    try {
      return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException("not a readable Parquet file: " + reason, e);
    } catch (TimeoutException e) {
      result.cancel(true);
      throw new IOException(
          "not a readable Parquet file: no row within %d s".formatted(limit.toSeconds()), e);
    } catch (InterruptedException e) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading a Parquet file");
    }
  }

  private static ObjectNode object(StructAccessor row) {
    ObjectNode object = JSON.objectNode();
    for (int field = 0; field < row.getFieldCount(); field++) {
      object.set(row.getFieldName(field), row.isNull(field) ? null : value(row.getValue(field)));
    }
    return object;
  }

  private static JsonNode value(@Nullable Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case String text -> JSON.textNode(text);
      case byte[] bytes -> JSON.textNode(new String(bytes, StandardCharsets.UTF_8));
      case Boolean flag -> JSON.booleanNode(flag);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Float number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case BigDecimal number -> JSON.numberNode(number);
      case PqStruct struct -> object(struct);
      case PqList list -> {
        ArrayNode array = JSON.arrayNode(list.size());
        for (int i = 0; i < list.size(); i++) {
          array.add(list.isNull(i) ? JSON.nullNode() : value(list.get(i)));
        }
        yield array;
      }
      case PqMap map -> {
        ObjectNode object = JSON.objectNode();
        for (PqMap.Entry entry : map.getEntries()) {
          object.set(String.valueOf(entry.getKey()), value(entry.getValue()));
        }
        yield object;
      }
      // Dates and the like.
      default -> JSON.textNode(value.toString());
    };
  }
}
