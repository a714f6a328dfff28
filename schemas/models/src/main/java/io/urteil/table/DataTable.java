package io.urteil.table;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads the rows of a file as JSON objects. The content decides on the format, except that CSV is
 * recognised by the end of the name:
 *
 * <ul>
 *   <li>JSON lines, or one JSON array of objects;
 *   <li>CSV with a header ({@code .csv}), also with tabs ({@code .tsv}): every value is a text, and
 *       an empty one is missing;
 *   <li>Parquet: lists and structures as JSON, bytes as UTF-8 text.
 * </ul>
 *
 * Each may be compressed with gzip. A byte order mark is skipped.
 */
public final class DataTable {

  /** The formats, for messages. */
  public static final String FORMATS = "JSON lines, a JSON array, CSV or Parquet";

  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int MARK_BYTES = 3;

  private DataTable() {}

  /**
   * Reads all rows.
   *
   * @param name name of the file, which may end in .gz
   * @param content its bytes
   * @throws TableFormatException if the content is in none of the formats, or damaged
   */
  public static void read(String name, byte[] content, RowReader rows) {
    try {
      byte[] plain = unpacked(content);
      String plainName = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
      if (startsWith(plain, PARQUET)) {
        ParquetRows.read(ByteBuffer.wrap(plain), rows);
      } else if (plainName.endsWith(".csv")) {
        CsvRows.read(text(plain), ',', rows);
      } else if (plainName.endsWith(".tsv")) {
        CsvRows.read(text(plain), '\t', rows);
      } else {
        JsonRows.read(text(plain), rows);
      }
    } catch (CharacterCodingException e) {
      throw new TableFormatException("not UTF-8 text (expected: " + FORMATS + ")", e);
    } catch (IOException e) {
      throw new TableFormatException(e.getMessage() + " (expected: " + FORMATS + ")", e);
    }
  }

  private static byte[] unpacked(byte[] content) throws IOException {
    boolean gzip = content.length > 2 && content[0] == 0x1f && (content[1] & 0xff) == 0x8b;
    if (!gzip) {
      return content;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return in.readAllBytes();
    }
  }

  private static boolean startsWith(byte[] content, byte[] magic) {
    return content.length >= magic.length
        && ByteBuffer.wrap(content, 0, magic.length).equals(ByteBuffer.wrap(magic));
  }

  private static String text(byte[] content) throws CharacterCodingException {
    boolean marked =
        content.length >= MARK_BYTES
            && (content[0] & 0xff) == 0xef
            && (content[1] & 0xff) == 0xbb
            && (content[2] & 0xff) == 0xbf;
    int from = marked ? MARK_BYTES : 0;
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(content, from, content.length - from))
        .toString();
  }
}
