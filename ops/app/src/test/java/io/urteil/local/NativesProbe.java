package io.urteil.local;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.urteil.engine.runtime.OnnxRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Loads the native libraries in the order of its argument and uses each once after all are in. */
final class NativesProbe {

  private static final String TOKENIZER =
      """
      {"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":null,
       "post_processor":null,"decoder":null,
       "model":{"type":"WordLevel","vocab":{"a":0,"[UNK]":1},"unk_token":"[UNK]"}}
      """;

  private NativesProbe() {}

  public static void main(String[] arguments) throws Exception {
    String[] order = arguments[0].split(",");
    for (String library : order) {
      use(library);
    }
    for (String library : order) {
      use(library);
      System.out.println(library + " works");
    }
  }

  private static void use(String library) throws Exception {
    switch (library) {
      case "torch" -> {
        torch.set_num_threads(1);
        Tensor product = torch.randn(64, 64).matmul(torch.randn(64, 64));
        if (product.numel() != 64 * 64) {
          throw new IllegalStateException("libtorch gave " + product.numel() + " values");
        }
      }
      case "onnx" -> OnnxRuntime.environment().getVersion();
      case "tokenizers" -> {
        Path file = Files.createTempFile("tokenizer", ".json");
        Files.writeString(file, TOKENIZER);
        try (HuggingFaceTokenizer tokenizer =
            HuggingFaceTokenizer.newInstance(file, Map.of("truncation", "false"))) {
          tokenizer.encode("a");
        }
        Files.delete(file);
      }
      case "rocksdb" -> {
        RocksDB.loadLibrary();
        Path directory = Files.createTempDirectory("rocks");
        try (Options options = new Options().setCreateIfMissing(true);
            RocksDB database = RocksDB.open(options, directory.toString())) {
          database.put(new byte[] {1}, new byte[] {2});
        }
      }
      default -> throw new IllegalArgumentException(library);
    }
  }
}
