package io.urteil.topology.group;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Purpose;
import io.urteil.event.Verdict;
import io.urteil.topology.group.GroupHeader.Asked;
import io.urteil.topology.group.GroupHeader.Counts;
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
 * Group state to bytes and back, for the stores and their changelogs. The first byte is the version
 * of the layout; a later version reads the earlier ones.
 */
public final class GroupCodec {

  private static final byte VERSION = 2;

  /** Before refills, comparisons and rules about length. */
  private static final byte FIRST = 1;

  private GroupCodec() {}

  /** A header as bytes. */
  public static byte[] encode(GroupHeader header) {
    return Binary.write(
        VERSION,
        out -> {
          Binary.writeText(out, header.runId());
          Binary.writeText(out, header.groupId());
          out.writeUTF(header.purpose().name());
          out.writeLong(header.ordinal());
          out.writeLong(header.times().openedAt());
          out.writeLong(header.times().allowedMillis());
          out.writeLong(header.times().deadlineAt());
          out.writeInt(header.times().rounds());
          write(out, header.shape());
          Binary.writeNullable(out, header.prompt(), GroupCodec::write);
          out.writeInt(header.counts().rolledOut());
          out.writeInt(header.counts().judged());
          out.writeInt(header.counts().duplicates());
          out.writeInt(header.counts().conflicts());
          Binary.writeList(out, header.compared(), GroupCodec::write);
        });
  }

  /** The header in these bytes. */
  public static GroupHeader header(byte[] bytes) {
    return Binary.read(
        bytes,
        VERSION,
        (in, version) ->
            new GroupHeader(
                Binary.readText(in),
                Binary.readText(in),
                Purpose.valueOf(in.readUTF()),
                in.readLong(),
                new Times(
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    version == FIRST ? (in.readBoolean() ? 1 : 0) : in.readInt()),
                shape(in, version),
                Binary.readNullable(in, from -> asked(from, version)),
                new Counts(
                    version == FIRST ? 0 : in.readInt(), in.readInt(), in.readInt(), in.readInt()),
                version == FIRST ? List.of() : Binary.readList(in, GroupCodec::memberId)));
  }

  /** A member as bytes. */
  public static byte[] encode(MemberState member) {
    return Binary.write(
        VERSION,
        out -> {
          write(out, member.id());
          Binary.writeNullable(out, member.rollout(), GroupCodec::write);
          Binary.writeList(out, member.judgements(), GroupCodec::write);
        });
  }

  /** The member in these bytes. */
  public static MemberState member(byte[] bytes) {
    return Binary.read(
        bytes,
        VERSION,
        (in, version) ->
            new MemberState(
                memberId(in),
                Binary.readNullable(in, from -> rolledOut(from, version)),
                Binary.readList(in, from -> judged(from, version))));
  }

  /** A tombstone as bytes. */
  public static byte[] encode(Tombstone tombstone) {
    return Binary.write(
        VERSION,
        out -> {
          out.writeLong(tombstone.closedAt());
          out.writeInt(tombstone.taken().size());
          for (long fingerprint : tombstone.taken()) {
            out.writeLong(fingerprint);
          }
        });
  }

  /** The tombstone in these bytes. */
  public static Tombstone tombstone(byte[] bytes) {
    return Binary.read(
        bytes,
        VERSION,
        (in, version) -> {
          long closedAt = in.readLong();
          int size = in.readInt();
          Set<Long> taken = HashSet.newHashSet(size);
          for (int i = 0; i < size; i++) {
            taken.add(in.readLong());
          }
          return new Tombstone(closedAt, taken);
        });
  }

  private static void write(DataOutput out, Shape shape) throws IOException {
    out.writeBoolean(shape.certain());
    Binary.writeList(out, shape.arms(), Binary::writeText);
    out.writeInt(shape.samplesPerArm());
    Binary.writeList(out, shape.only(), GroupCodec::write);
    Binary.writeList(out, shape.retries(), GroupCodec::write);
  }

  private static void write(DataOutput out, Retry retry) throws IOException {
    Binary.writeText(out, retry.arm());
    out.writeInt(retry.index());
    out.writeInt(retry.from());
    out.writeInt(retry.to());
  }

  private static Retry retry(DataInput in) throws IOException {
    return new Retry(Binary.readText(in), in.readInt(), in.readInt(), in.readInt());
  }

  private static Shape shape(DataInput in, byte version) throws IOException {
    return new Shape(
        in.readBoolean(),
        Binary.readList(in, Binary::readText),
        in.readInt(),
        Binary.readList(in, GroupCodec::memberId),
        version == FIRST ? List.of() : Binary.readList(in, GroupCodec::retry));
  }

  private static void write(DataOutput out, Asked asked) throws IOException {
    out.writeLong(asked.fingerprint());
    Binary.writeNullable(out, asked.position(), GroupCodec::write);
    Binary.writeNullable(out, asked.policyVersion(), DataOutput::writeLong);
    Binary.writeMap(out, asked.references());
    Binary.writeMap(out, asked.columns());
  }

  private static Asked asked(DataInput in, byte version) throws IOException {
    return new Asked(
        in.readLong(),
        version == FIRST ? null : Binary.readNullable(in, GroupCodec::position),
        Binary.readNullable(in, DataInput::readLong),
        Binary.readMap(in),
        Binary.readMap(in));
  }

  private static void write(DataOutput out, MemberId id) throws IOException {
    Binary.writeText(out, id.arm());
    out.writeInt(id.index());
    out.writeInt(id.attempt());
  }

  private static MemberId memberId(DataInput in) throws IOException {
    return new MemberId(Binary.readText(in), in.readInt(), in.readInt());
  }

  private static void write(DataOutput out, Position position) throws IOException {
    out.writeInt(position.partition());
    out.writeLong(position.offset());
  }

  private static Position position(DataInput in) throws IOException {
    return new Position(in.readInt(), in.readLong());
  }

  private static void write(DataOutput out, RolledOut rollout) throws IOException {
    write(out, rollout.position());
    Binary.writeText(out, rollout.contentHash());
    Binary.writeNullable(out, rollout.policyVersion(), DataOutput::writeLong);
    out.writeInt(rollout.trainedTokens());
    out.writeInt(rollout.responseTokens());
    out.writeBoolean(rollout.truncated());
    out.writeLong(rollout.dispatchedAt());
    out.writeLong(rollout.createdAt());
    Binary.writeNullable(out, rollout.reference(), Binary::writeText);
  }

  private static RolledOut rolledOut(DataInput in, byte version) throws IOException {
    Position position = position(in);
    String contentHash = Binary.readText(in);
    Long policyVersion = Binary.readNullable(in, DataInput::readLong);
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
        Binary.readNullable(in, Binary::readText));
  }

  private static void write(DataOutput out, Judged judged) throws IOException {
    write(out, judged.position());
    Binary.writeText(out, judged.judge());
    Binary.writeText(out, judged.judgementId());
    Binary.writeText(out, judged.contentHash());
    out.writeUTF(judged.status().name());
    Binary.writeNullable(out, judged.verdict(), GroupCodec::write);
    Binary.writeNullable(out, judged.fault(), Binary::writeText);
    out.writeLong(judged.createdAt());
  }

  private static Judged judged(DataInput in, byte version) throws IOException {
    return new Judged(
        position(in),
        Binary.readText(in),
        Binary.readText(in),
        Binary.readText(in),
        JudgementStatus.valueOf(in.readUTF()),
        Binary.readNullable(in, GroupCodec::verdict),
        version == FIRST ? null : Binary.readNullable(in, Binary::readText),
        in.readLong());
  }

  private static void write(DataOutput out, Verdict verdict) throws IOException {
    Binary.writeList(out, verdict.getScores(), DataOutput::writeDouble);
    Binary.writeNullable(out, verdict.getPreference(), Binary::writeText);
    Binary.writeNullable(out, verdict.getLabel(), Binary::writeText);
    Binary.writeList(out, verdict.getProbabilities(), DataOutput::writeDouble);
  }

  private static Verdict verdict(DataInput in) throws IOException {
    return Verdict.newBuilder()
        .setScores(Binary.readList(in, DataInput::readDouble))
        .setPreference(Binary.readNullable(in, Binary::readText))
        .setLabel(Binary.readNullable(in, Binary::readText))
        .setProbabilities(Binary.readList(in, DataInput::readDouble))
        .build();
  }
}
