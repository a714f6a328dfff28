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
 * Whether a model's tokenizer knows the symbols of a text. Letter case, white space and Unicode
 * normalisation may change on the way; a symbol that is left out or unknown may not.
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
   * @throws IllegalArgumentException when the text does not come back from the tokenizer
   */
  void require(String text) {
    String read = tokenizer.decode(encoder.encode(OriginText.of(text, Origin.MESSAGE)).tokenIds());
    if (!folded(read).equals(folded(text))) {
      throw new IllegalArgumentException(
          "'%s' (expected: symbols the model's tokenizer knows; it reads '%s')"
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
