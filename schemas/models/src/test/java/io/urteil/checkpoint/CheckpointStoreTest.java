package io.urteil.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class CheckpointStoreTest {

  @Property(tries = 200)
  void shouldNeverRemoveMoreThanOneVersionWhateverTheTopicsSay(
      @ForAll @Size(max = 6) Set<@LongRange(max = 8) Long> written,
      @ForAll @Size(max = 6) Set<@LongRange(max = 8) Long> published)
      throws Exception {
    // Given
    Path root = Files.createTempDirectory("urteil-checkpoints");
    CheckpointStore store = new CheckpointStore(root);
    for (long version : written) {
      Files.createDirectories(store.folder(version));
    }
    long head = published.stream().mapToLong(version -> version).max().orElse(-1);
    List<Long> before = store.versions();

    // When
    try {
      store.removeUncommitted(published, head + 1);
    } catch (IllegalStateException e) {
      // Then
      assertThat(e).hasMessageContaining("nothing was removed");
      assertThat(store.versions()).isEqualTo(before);
      return;
    }

    // Then
    assertThat(before.stream().filter(version -> version > head))
        .allMatch(version -> version == head + 1);
    assertThat(store.versions()).isEqualTo(before.stream().filter(v -> v <= head).toList());
  }
}
