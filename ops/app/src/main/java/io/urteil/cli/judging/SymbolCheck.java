package io.urteil.cli.judging;

import io.urteil.model.ModelDirectory;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.io.IOException;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Checks that a tokenizer encodes all symbols of a text. Encoding may change letter case, white
 * space and Unicode normalisation, but must not drop or replace a symbol.
 */
final class SymbolCheck implements AutoCloseable {

  private final PromptEncoder encoder;
  private final Tokenizer tokenizer;

  private SymbolCheck(PromptEncoder encoder, Tokenizer tokenizer) {
    this.encoder = encoder;
    this.tokenizer = tokenizer;
  }

  static SymbolCheck open(ModelDirectory model) throws IOException {
    PromptEncoder encoder = model.openPromptEncoder();
    try {
      return new SymbolCheck(encoder, model.openTokenizer());
    } catch (IOException | RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * @throws IllegalArgumentException if the decoded tokens of the text differ from it
   */
  void require(String text) {
    String read = tokenizer.decode(encoder.encode(OriginText.of(text, Origin.MESSAGE)).tokenIds());
    if (!folded(read).equals(folded(text))) {
      throw new IllegalArgumentException(
          "'%s' (expected: symbols of the model's tokenizer, which decodes '%s')"
              .formatted(text, read));
    }
  }

  private static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", "");
  }

  @Override
  public void close() {
    encoder.close();
    tokenizer.close();
  }
}
