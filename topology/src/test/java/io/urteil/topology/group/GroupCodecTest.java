package io.urteil.topology.group;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.EventCodec;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.Verdict;
import io.urteil.topology.group.GroupHeader.Counts;
import io.urteil.topology.group.GroupHeader.PromptContent;
import io.urteil.topology.group.GroupHeader.Retry;
import io.urteil.topology.group.GroupHeader.Shape;
import io.urteil.topology.group.GroupHeader.Times;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Stores and changelogs of deployed topologies hold these bytes: they must stay as they are. */
class GroupCodecTest {

  static {
    EventCodec.trustEvents();
  }

  private static final GroupCodec CODEC =
      new GroupCodec(new Namespace("broker:9092", "t.", Path.of("")));

  private static final GroupHeader HEADER =
      new GroupHeader(
          "run-1",
          "run-1|TRAIN|7",
          Purpose.TRAIN,
          7,
          new Times(1_000, 60_000, 61_500, 2),
          new Shape(
              true,
              List.of("AB", "BA"),
              2,
              List.of(new MemberId("AB", 0, 0), new MemberId("BA", 1, 0)),
              List.of(new Retry("BA", 1, 1, 3))),
          new PromptContent(
              0x1234_5678_9abc_def0L,
              new RecordPosition("t.prompts", 3, 41),
              12L,
              Map.of("AB", "A"),
              Map.of("c", "d")),
          new Counts(2, 1, 4, 5),
          List.of(new MemberId("AB", 0, 0)));

  private static final MemberState MEMBER =
      new MemberState(
          new MemberId("AB", 0, 1),
          new RolledOut(
              new RecordPosition("t.rollouts", 2, 99),
              "hash",
              12L,
              30,
              40,
              true,
              1_100,
              1_200,
              "A"),
          List.of(
              new Judged(
                  new RecordPosition("t.judgements", 1, 77),
                  "outcome",
                  "run-1|TRAIN|7|AB|0|1|outcome",
                  "hash",
                  JudgementStatus.SCORED,
                  Verdict.newBuilder()
                      .setScores(List.of(8.0, 3.0))
                      .setPreference("A")
                      .setLabel("yes")
                      .setProbabilities(List.of(0.75, 0.25))
                      .build(),
                  "fault",
                  1_300)));

  private static final ClosedGroupMarker CLOSED =
      new ClosedGroupMarker(5_000, new TreeSet<>(List.of(3L)));

  @Test
  void shouldWriteStateAsDeployedTopologiesDo() throws IOException {
    // When
    String written =
        String.join(
            "\n",
            hex(GroupCodec.encode(HEADER)),
            hex(GroupCodec.encode(MEMBER)),
            hex(GroupCodec.encode(CLOSED)));

    // Then
    assertThat(written).isEqualTo(golden());
  }

  @Test
  void shouldReadStateOfDeployedTopologies() throws IOException {
    // Given
    String[] lines = golden().split("\n");

    // When // Then
    assertThat(CODEC.header(bytes(lines[0]))).isEqualTo(HEADER);
    assertThat(CODEC.member(bytes(lines[1]))).isEqualTo(MEMBER);
    assertThat(GroupCodec.marker(bytes(lines[2]))).isEqualTo(CLOSED);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String golden() throws IOException {
    try (InputStream in =
        requireNonNull(GroupCodecTest.class.getResourceAsStream("/golden/group-state.hex"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
