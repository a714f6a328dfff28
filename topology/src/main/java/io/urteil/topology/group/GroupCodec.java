package io.urteil.topology.group;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.event.Verdict;
import io.urteil.topology.group.GroupHeader.Counts;
import io.urteil.topology.group.GroupHeader.PromptContent;
import io.urteil.topology.group.GroupHeader.Retry;
import io.urteil.topology.group.GroupHeader.Shape;
import io.urteil.topology.group.GroupHeader.Times;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Encodes group state, for the stores and their changelogs. The first byte is the version of the
 * layout; later versions read earlier ones.
 */
public final class GroupCodec {

  private static final byte VERSION = 2;

  /** The layout before refills, groupwise judging and rules about length. */
  private static final byte FIRST = 1;

  private final String prompts;
  private final String rollouts;
  private final String judgements;

  /** A codec of this namespace's state, which stores positions without their topics. */
  public GroupCodec(Namespace place) {
    prompts = Topic.PROMPTS.in(place);
    rollouts = Topic.ROLLOUTS.in(place);
    judgements = Topic.JUDGEMENTS.in(place);
  }

  /** A header as bytes. */
  public static byte[] encode(GroupHeader header) {
    return VersionedBinary.write(
        VERSION,
        out -> {
          VersionedBinary.writeText(out, header.runId());
          VersionedBinary.writeText(out, header.groupId());
          out.writeUTF(header.purpose().name());
          out.writeLong(header.ordinal());
          out.writeLong(header.times().openedAt());
          out.writeLong(header.times().allowedMillis());
          out.writeLong(header.times().deadlineAt());
          out.writeInt(header.times().rounds());
          write(out, header.shape());
          VersionedBinary.writeNullable(out, header.prompt(), GroupCodec::write);
          out.writeInt(header.counts().rolledOut());
          out.writeInt(header.counts().judged());
          out.writeInt(header.counts().duplicates());
          out.writeInt(header.counts().conflicts());
          VersionedBinary.writeList(out, header.compared(), GroupCodec::write);
        });
  }

  /** The header in these bytes. */
  public GroupHeader header(byte[] bytes) {
    return VersionedBinary.read(
        bytes,
        VERSION,
        (in, version) ->
            new GroupHeader(
                VersionedBinary.readText(in),
                VersionedBinary.readText(in),
                Purpose.valueOf(in.readUTF()),
                in.readLong(),
                new Times(
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    version == FIRST ? (in.readBoolean() ? 1 : 0) : in.readInt()),
                shape(in, version),
                VersionedBinary.readNullable(in, from -> prompt(from, version)),
                new Counts(
                    version == FIRST ? 0 : in.readInt(), in.readInt(), in.readInt(), in.readInt()),
                version == FIRST ? List.of() : VersionedBinary.readList(in, GroupCodec::memberId)));
  }

  /** A member as bytes. */
  public static byte[] encode(MemberState member) {
    return VersionedBinary.write(
        VERSION,
        out -> {
          write(out, member.id());
          VersionedBinary.writeNullable(out, member.rollout(), GroupCodec::write);
          VersionedBinary.writeList(out, member.judgements(), GroupCodec::write);
        });
  }

  /** The member in these bytes. */
  public MemberState member(byte[] bytes) {
    return VersionedBinary.read(
        bytes,
        VERSION,
        (in, version) ->
            new MemberState(
                memberId(in),
                VersionedBinary.readNullable(in, from -> rolledOut(from, version)),
                VersionedBinary.readList(in, from -> judged(from, version))));
  }

  /** A marker as bytes. */
  public static byte[] encode(ClosedGroupMarker marker) {
    return VersionedBinary.write(
        VERSION,
        out -> {
          out.writeLong(marker.closedAt());
          out.writeInt(marker.accepted().size());
          for (long fingerprint : marker.accepted()) {
            out.writeLong(fingerprint);
          }
        });
  }

  /** The marker in these bytes. */
  public static ClosedGroupMarker marker(byte[] bytes) {
    return VersionedBinary.read(
        bytes,
        VERSION,
        (in, version) -> {
          long closedAt = in.readLong();
          int size = in.readInt();
          Set<Long> accepted = HashSet.newHashSet(size);
          for (int i = 0; i < size; i++) {
            accepted.add(in.readLong());
          }
          return new ClosedGroupMarker(closedAt, accepted);
        });
  }

  private static void write(DataOutput out, Shape shape) throws IOException {
    out.writeBoolean(shape.certain());
    VersionedBinary.writeList(out, shape.arms(), VersionedBinary::writeText);
    out.writeInt(shape.samplesPerArm());
    VersionedBinary.writeList(out, shape.only(), GroupCodec::write);
    VersionedBinary.writeList(out, shape.retries(), GroupCodec::write);
  }

  private static void write(DataOutput out, Retry retry) throws IOException {
    VersionedBinary.writeText(out, retry.arm());
    out.writeInt(retry.index());
    out.writeInt(retry.from());
    out.writeInt(retry.to());
  }

  private static Retry retry(DataInput in) throws IOException {
    return new Retry(VersionedBinary.readText(in), in.readInt(), in.readInt(), in.readInt());
  }

  private static Shape shape(DataInput in, byte version) throws IOException {
    return new Shape(
        in.readBoolean(),
        VersionedBinary.readList(in, VersionedBinary::readText),
        in.readInt(),
        VersionedBinary.readList(in, GroupCodec::memberId),
        version == FIRST ? List.of() : VersionedBinary.readList(in, GroupCodec::retry));
  }

  private static void write(DataOutput out, PromptContent prompt) throws IOException {
    out.writeLong(prompt.fingerprint());
    VersionedBinary.writeNullable(out, prompt.position(), GroupCodec::write);
    VersionedBinary.writeNullable(out, prompt.policyVersion(), DataOutput::writeLong);
    VersionedBinary.writeMap(out, prompt.references());
    VersionedBinary.writeMap(out, prompt.columns());
  }

  private PromptContent prompt(DataInput in, byte version) throws IOException {
    return new PromptContent(
        in.readLong(),
        version == FIRST ? null : VersionedBinary.readNullable(in, from -> position(from, prompts)),
        VersionedBinary.readNullable(in, DataInput::readLong),
        VersionedBinary.readMap(in),
        VersionedBinary.readMap(in));
  }

  private static void write(DataOutput out, MemberId id) throws IOException {
    VersionedBinary.writeText(out, id.arm());
    out.writeInt(id.index());
    out.writeInt(id.attempt());
  }

  private static MemberId memberId(DataInput in) throws IOException {
    return new MemberId(VersionedBinary.readText(in), in.readInt(), in.readInt());
  }

  private static void write(DataOutput out, RecordPosition position) throws IOException {
    out.writeInt(position.partition());
    out.writeLong(position.offset());
  }

  private static RecordPosition position(DataInput in, String topic) throws IOException {
    return new RecordPosition(topic, in.readInt(), in.readLong());
  }

  private static void write(DataOutput out, RolledOut rollout) throws IOException {
    write(out, rollout.position());
    VersionedBinary.writeText(out, rollout.contentHash());
    VersionedBinary.writeNullable(out, rollout.policyVersion(), DataOutput::writeLong);
    out.writeInt(rollout.trainedTokens());
    out.writeInt(rollout.responseTokens());
    out.writeBoolean(rollout.truncated());
    out.writeLong(rollout.dispatchedAt());
    out.writeLong(rollout.createdAt());
    VersionedBinary.writeNullable(out, rollout.reference(), VersionedBinary::writeText);
  }

  private RolledOut rolledOut(DataInput in, byte version) throws IOException {
    RecordPosition position = position(in, rollouts);
    String contentHash = VersionedBinary.readText(in);
    Long policyVersion = VersionedBinary.readNullable(in, DataInput::readLong);
    int trainedTokens = in.readInt();
    return new RolledOut(
        position,
        contentHash,
        policyVersion,
        trainedTokens,
        version == FIRST ? trainedTokens : in.readInt(),
        version != FIRST && in.readBoolean(),
        in.readLong(),
        in.readLong(),
        VersionedBinary.readNullable(in, VersionedBinary::readText));
  }

  private static void write(DataOutput out, Judged judged) throws IOException {
    write(out, judged.position());
    VersionedBinary.writeText(out, judged.judge());
    VersionedBinary.writeText(out, judged.judgementId());
    VersionedBinary.writeText(out, judged.contentHash());
    out.writeUTF(judged.status().name());
    VersionedBinary.writeNullable(out, judged.verdict(), GroupCodec::write);
    VersionedBinary.writeNullable(out, judged.fault(), VersionedBinary::writeText);
    out.writeLong(judged.createdAt());
  }

  private Judged judged(DataInput in, byte version) throws IOException {
    return new Judged(
        position(in, judgements),
        VersionedBinary.readText(in),
        VersionedBinary.readText(in),
        VersionedBinary.readText(in),
        JudgementStatus.valueOf(in.readUTF()),
        VersionedBinary.readNullable(in, GroupCodec::verdict),
        version == FIRST ? null : VersionedBinary.readNullable(in, VersionedBinary::readText),
        in.readLong());
  }

  private static void write(DataOutput out, Verdict verdict) throws IOException {
    VersionedBinary.writeList(out, verdict.getScores(), DataOutput::writeDouble);
    VersionedBinary.writeNullable(out, verdict.getPreference(), VersionedBinary::writeText);
    VersionedBinary.writeNullable(out, verdict.getLabel(), VersionedBinary::writeText);
    VersionedBinary.writeList(out, verdict.getProbabilities(), DataOutput::writeDouble);
  }

  private static Verdict verdict(DataInput in) throws IOException {
    return Verdict.newBuilder()
        .setScores(VersionedBinary.readList(in, DataInput::readDouble))
        .setPreference(VersionedBinary.readNullable(in, VersionedBinary::readText))
        .setLabel(VersionedBinary.readNullable(in, VersionedBinary::readText))
        .setProbabilities(VersionedBinary.readList(in, DataInput::readDouble))
        .build();
  }
}
