package io.urteil.topology.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Purpose;
import io.urteil.topology.group.GroupHeader;
import io.urteil.topology.group.GroupKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OpenGroupsTest {

  /** Keys whose order by bytes is not that of strings. */
  private static final List<String> IDS =
      List.of("a", "b", "c", "d", "\u00e9", "\ufffd", "\ud83d\ude00", "z");

  @Property
  void shouldCountEachGroupOnceWhateverChangesWhileTheStoreIsRead(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 23) Integer> steps,
      @ForAll @IntRange(min = 1, max = 4) int page) {
    // Given
    TreeMap<String, GroupHeader> store = new TreeMap<>(Comparator.comparing(OpenGroupsTest::hex));
    store.put("b", group("b", 5_000));
    store.put("\ufffd", group("\ufffd", 1_000));
    store.put("\ud83d\ude00", group("\ud83d\ude00", 3_000));
    OpenGroups groups = new OpenGroups(run -> {});

    // When
    for (int step : steps) {
      String id = IDS.get(step % 8);
      GroupHeader before = store.get(id);
      switch (step / 8) {
        case 0 -> readPage(groups, store, page);
        case 1 -> {
          GroupHeader after = group(id, 1_000L * (step + 1));
          store.put(id, after);
          groups.changed(before, after);
        }
        default -> {
          store.remove(id);
          groups.changed(before, null);
        }
      }
    }
    while (!groups.isComplete()) {
      readPage(groups, store, page);
    }

    // Then
    assertThat(groups.count("run")).isEqualTo(store.size());
    assertThat(groups.oldestMillis("run"))
        .isEqualTo(
            store.values().stream()
                .mapToLong(group -> group.times().openedAt())
                .min()
                .orElse(Long.MAX_VALUE));
  }

  @Example
  void shouldTellOfEachRunWhenItsFirstGroupIsCounted() {
    // Given
    Set<String> runs = new HashSet<>();
    OpenGroups groups = new OpenGroups(runs::add);

    // When
    groups.stored(List.of(group("a", 1_000)));
    groups.stored(List.of());

    // Then
    assertThat(runs).containsExactly("run");
    assertThat(groups.count("another")).isZero();
  }

  private static void readPage(OpenGroups groups, Map<String, GroupHeader> store, int size) {
    GroupKey last = groups.lastCounted();
    List<GroupHeader> page = new ArrayList<>();
    store.forEach(
        (id, group) -> {
          if ((last == null || hex(id).compareTo(hex(last.groupId())) > 0) && page.size() < size) {
            page.add(group);
          }
        });
    if (!groups.isComplete()) {
      groups.stored(page);
    }
  }

  private static String hex(String id) {
    return java.util.HexFormat.of().formatHex(id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static GroupHeader group(String id, long openedAt) {
    return new GroupHeader(
        "run",
        id,
        Purpose.TRAIN,
        0,
        new GroupHeader.Times(openedAt, 60_000, openedAt + 60_000, 0),
        new GroupHeader.Shape(true, List.of("only"), 1, List.of(), List.of()),
        null,
        new GroupHeader.Counts(0, 0, 0, 0),
        List.of());
  }
}
