package io.urteil.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of each token, in bytes: tokens of a byte-level vocabulary may hold part of a character,
 * so only bytes can be concatenated token by token. Special tokens have no text, as in {@link
 * Tokenizer#decode}.
 *
 * <p>Byte-level vocabularies (GPT-2's alphabet, as in Qwen and Llama 3), sentence pieces with byte
 * fallback (Llama 2), and vocabularies without an encoding are supported.
 */
public final class TokenTexts {

  private static final byte[] NOTHING = {};

  private final byte[][] texts;
  private final BitSet special;

  private TokenTexts(byte[][] texts, BitSet special) {
    this.texts = texts;
    this.special = special;
  }

  /** Texts by id, for vocabularies without a file; an empty text is a special token. */
  public static TokenTexts of(List<String> byId) {
    byte[][] texts = new byte[byId.size()][];
    BitSet special = new BitSet();
    for (int id = 0; id < texts.length; id++) {
      texts[id] = byId.get(id).getBytes(StandardCharsets.UTF_8);
      special.set(id, texts[id].length == 0);
    }
    return new TokenTexts(texts, special);
  }

  /**
   * @param root a {@code tokenizer.json}
   * @param ids its tokens and their ids
   * @throws IllegalArgumentException if its decoder is not supported
   */
  static TokenTexts read(JsonNode root, Map<String, Integer> ids) {
    Coding coding = Coding.of(root.path("decoder"));
    int size = 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    byte[][] texts = new byte[size][];
    Arrays.fill(texts, NOTHING);
    ids.forEach((token, id) -> texts[id] = coding.bytes(token));
    BitSet special = new BitSet();
    for (JsonNode added : root.path("added_tokens")) {
      int id = added.path("id").asInt();
      String content = added.path("content").asText();
      boolean writesNothing = added.path("special").asBoolean();
      texts[id] = writesNothing ? NOTHING : content.getBytes(StandardCharsets.UTF_8);
      special.set(id, writesNothing);
    }
    return new TokenTexts(texts, special);
  }

  /** One more than the largest id. */
  public int size() {
    return texts.length;
  }

  /** The number of bytes of a token; 0 for special tokens and unused ids. */
  public int length(int id) {
    return id >= 0 && id < texts.length ? texts[id].length : 0;
  }

  /** Byte {@code index} of a token, 0 to 255. */
  public int at(int id, int index) {
    return texts[id][index] & 0xff;
  }

  /** Whether the token has no text: end of sequence, roles, padding. */
  public boolean isSpecial(int id) {
    return special.get(id);
  }

  /** The text of tokens; bytes that are not UTF-8 become replacement characters. */
  public String decode(int[] tokenIds) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : tokenIds) {
      if (length(id) > 0) {
        bytes.writeBytes(texts[id]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The byte encoding of a vocabulary. */
  private enum Coding {
    PLAIN,
    BYTE_LEVEL,
    PIECES;

    private static final Map<Character, Byte> ALPHABET = alphabet();

    static Coding of(JsonNode decoder) {
      List<String> types = new ArrayList<>();
      collect(decoder, types);
      if (types.contains("ByteLevel")) {
        return BYTE_LEVEL;
      }
      if (types.contains("ByteFallback") || types.contains("Metaspace")) {
        return PIECES;
      }
      for (String type : types) {
        if (!List.of("Sequence", "Fuse", "Replace", "Strip").contains(type)) {
          throw new IllegalArgumentException(
              "decoder.type: '%s' (expected: ByteLevel, ByteFallback, Metaspace or Fuse)"
                  .formatted(type));
        }
      }
      return PLAIN;
    }

    byte[] bytes(String token) {
      return switch (this) {
        case PLAIN -> token.getBytes(StandardCharsets.UTF_8);
        case BYTE_LEVEL -> byteLevel(token);
        case PIECES ->
            token.matches("<0x[0-9A-Fa-f]{2}>")
                ? new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)}
                : token.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
      };
    }

    private static byte[] byteLevel(String token) {
      byte[] bytes = new byte[token.length()];
      for (int i = 0; i < bytes.length; i++) {
        Byte value = ALPHABET.get(token.charAt(i));
        if (value == null) {
          // Outside the alphabet: a token with its plain text in the vocabulary.
          return token.getBytes(StandardCharsets.UTF_8);
        }
        bytes[i] = value;
      }
      return bytes;
    }

    private static void collect(JsonNode decoder, List<String> types) {
      if (decoder.has("type")) {
        types.add(decoder.path("type").asText());
      }
      decoder.path("decoders").forEach(part -> collect(part, types));
    }

    /**
     * GPT-2's printable alphabet for bytes ({@code bytes_to_unicode} of its encoder): printable
     * Latin-1 unchanged, the rest from U+0100 on.
     */
    private static Map<Character, Byte> alphabet() {
      Map<Character, Byte> alphabet = new HashMap<>();
      char next = 0x100;
      for (int value = 0; value < 256; value++) {
        boolean printable =
            (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xac) || value >= 0xae;
        alphabet.put(printable ? (char) value : next++, (byte) value);
      }
      return Map.copyOf(alphabet);
    }
  }
}
