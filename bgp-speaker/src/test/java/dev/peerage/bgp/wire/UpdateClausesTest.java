package dev.peerage.bgp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the clauses of the RFCs say about a legal UPDATE: bytes in, value out, and bytes again that
 * mean the same.
 */
class UpdateClausesTest {
  static Stream<UpdateClause> cases() {
    return Stream.of(
            AttributeClauses.communities(),
            AttributeClauses.unknownAttributes(),
            AttributeClauses.fourOctetAsns(),
            NlriClauses.nextHops(),
            NlriClauses.pathIdentifiers())
        .flatMap(each -> each);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void meansWhatTheClauseSays(UpdateClause each) throws MalformedMessageException {
    byte[] frame = ByteBufUtil.getBytes(Wire.update("", each.attributes(), each.nlri()));
    Update decoded = Wire.decodeUpdate(Unpooled.wrappedBuffer(frame), each.context());
    assertThat(decoded).isEqualTo(each.update());
    byte[] again = Wire.encode(decoded, each.context().mirrored());
    if (each.canonical()) {
      assertThat(HexFormat.of().formatHex(again)).isEqualTo(HexFormat.of().formatHex(frame));
    }
    assertThat(Wire.decodeUpdate(Unpooled.wrappedBuffer(again), each.context())).isEqualTo(decoded);
  }
}
