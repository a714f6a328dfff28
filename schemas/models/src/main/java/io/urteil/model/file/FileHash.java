package io.urteil.model.file;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/** SHA-256 of files and bytes, as lower-case hexadecimal. */
public final class FileHash {

  private FileHash() {}

  public static String sha256(Path file) throws IOException {
    return new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(file);
  }

  public static String sha256(byte[] bytes) {
    return DigestUtils.sha256Hex(bytes);
  }
}
