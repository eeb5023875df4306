package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.AttributeType.Flags;
import dev.peerage.bgp.wire.Malformed.AttributeDiscard;
import dev.peerage.bgp.wire.Malformed.TreatAsWithdraw;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Decodes the path attributes of one UPDATE (RFC 4271 section 5, RFC 7606 sections 3 to 5). */
final class AttributeListDecoder {
  private final CodecContext context;
  private final List<PathAttribute> attributes = new ArrayList<>(8);
  private final List<Malformed> problems = new ArrayList<>(0);
  private final BitSet seen = new BitSet(64);
  private final FourOctetMerge merge = new FourOctetMerge();
  private boolean ignored;
  private long partial;

  AttributeListDecoder(CodecContext context) {
    this.context = context;
  }

  PathAttributes attributes() {
    return PathAttributes.of(merge.apply(attributes)).withPartial(partial);
  }

  List<Malformed> problems() {
    return problems;
  }

  /**
   * Whether an attribute was left out without being a problem. What remains of a message then tells
   * nothing about an End-of-RIB marker.
   */
  boolean ignoredSome() {
    return ignored;
  }

  void notAnEndOfRib() {
    problems.add(
        new AttributeDiscard(
            0,
            NotificationCode.OPTIONAL_ATTRIBUTE_ERROR,
            "an UPDATE with nothing but attributes that are ignored"));
  }

  /** RFC 4760 section 3: without classic routes NEXT_HOP is ignored, whatever address it holds. */
  void ignoreNextHop() {
    if (seen.get(AttributeType.MP_REACH_NLRI.code())) {
      problems.replaceAll(problem ->
          problem instanceof TreatAsWithdraw(int attribute, NotificationCode code, String reason)
                  && attribute == AttributeType.NEXT_HOP.code()
                  && code == NotificationCode.INVALID_NEXT_HOP_ATTRIBUTE
              ? new AttributeDiscard(attribute, code, reason)
              : problem);
    }
  }

  void ignoreIpv4() {
    problems.add(
        new AttributeDiscard(
            0,
            NotificationCode.INVALID_NETWORK_FIELD,
            "IPv4 routes though ipv4/unicast was not negotiated"));
  }

  void read(ByteBuf in) throws MalformedMessageException {
    while (in.isReadable()) {
      int start = in.readerIndex();
      int flags = in.getUnsignedByte(start);
      int header = (flags & Flags.EXTENDED_LENGTH) != 0 ? 4 : 3;
      if (in.readableBytes() < header) {
        problems.add(
            new TreatAsWithdraw(
                0,
                NotificationCode.MALFORMED_ATTRIBUTE_LIST,
                "path attributes end in an attribute's header"));
        return;
      }
      int type = in.getUnsignedByte(start + 1);
      int length = header == 4 ? in.getUnsignedShort(start + 2) : in.getUnsignedByte(start + 2);
      if (length > in.readableBytes() - header) {
        overrun(type, length, in.readableBytes() - header);
        return;
      }
      ByteBuf whole = in.readSlice(header + length);
      if (first(type)) {
        attribute(flags, type, whole, whole.slice(header, length));
      }
    }
  }

  /** RFC 7606 section 4, and 3 (j): routes that cannot be read cannot be withdrawn either. */
  private void overrun(int type, int length, int left) throws MalformedMessageException {
    String reason = "attribute " + type + " of " + length + " bytes where " + left + " are left";
    if (multiprotocol(type)) {
      throw MalformedMessageException.of(NotificationCode.MALFORMED_ATTRIBUTE_LIST, reason);
    }
    problems.add(new TreatAsWithdraw(type, NotificationCode.MALFORMED_ATTRIBUTE_LIST, reason));
  }

  private static boolean multiprotocol(int type) {
    return type == AttributeType.MP_REACH_NLRI.code()
        || type == AttributeType.MP_UNREACH_NLRI.code();
  }

  /** RFC 7606 section 3 (g): of duplicates the first counts, but MP attributes must be unique. */
  private boolean first(int type) throws MalformedMessageException {
    if (!seen.get(type)) {
      seen.set(type);
      return true;
    }
    if (multiprotocol(type)) {
      throw MalformedMessageException.of(
          NotificationCode.MALFORMED_ATTRIBUTE_LIST, "attribute " + type + " comes twice");
    }
    problems.add(
        new AttributeDiscard(
            type,
            NotificationCode.MALFORMED_ATTRIBUTE_LIST,
            "attribute " + type + " comes twice; the first one counts"));
    return false;
  }

  private void attribute(int flags, int code, ByteBuf whole, ByteBuf value)
      throws MalformedMessageException {
    Optional<AttributeType> known = AttributeType.of(code);
    if (known.isEmpty()) {
      unknown(flags, code, whole, value);
      return;
    }
    AttributeType type = known.get();
    if ((type == AttributeType.AS4_PATH || type == AttributeType.AS4_AGGREGATOR)
        && context.fourOctetAsn()) { // RFC 6793 section 4.1: discarded, whatever it holds
      ignored = true;
      return;
    }
    boolean multiprotocol = multiprotocol(code);
    if ((flags & (Flags.OPTIONAL | Flags.TRANSITIVE)) != type.flags()) {
      problems.add(
          new TreatAsWithdraw(
              code,
              NotificationCode.ATTRIBUTE_FLAGS_ERROR,
              type + " with flags 0x" + Integer.toHexString(flags)));
      if (!multiprotocol) {
        return; // RFC 7606 section 3 (c); the routes of an MP attribute are still needed
      }
    }
    if ((flags & Flags.PARTIAL) != 0 && type.optionalTransitive()) {
      partial |= 1L << code;
    }
    if (multiprotocol) {
      MultiprotocolDecoder.decode(type, whole, value, context, attributes, problems);
    } else if (type == AttributeType.AS4_PATH || type == AttributeType.AS4_AGGREGATOR) {
      merge.add(type, value, problems);
    } else {
      AttributeDecoder.decode(type, value, context, attributes, problems);
    }
  }

  private void unknown(int flags, int code, ByteBuf whole, ByteBuf value)
      throws MalformedMessageException {
    if ((flags & Flags.OPTIONAL) == 0) {
      throw MalformedMessageException.of(
          NotificationCode.UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE,
          Bytes.read(whole),
          "attribute " + code + " claims to be well-known");
    }
    // RFC 4271 section 5: quietly ignored when not transitive.
    if ((flags & Flags.TRANSITIVE) != 0) {
      attributes.add(new PathAttribute.Unknown(flags, code, Bytes.read(value)));
    } else {
      ignored = true;
    }
  }
}
