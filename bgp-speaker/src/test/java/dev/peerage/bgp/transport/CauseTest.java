package dev.peerage.bgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class CauseTest {
  @Test
  void namesWhatTheKernelSaid() {
    assertThat(
            Cause.words(
                new IOException(
                    "finishConnect(..) failed with error(-111): Connection refused: /10.0.0.1:179")))
        .isEqualTo("connection refused");
    assertThat(Cause.words(new IOException("Connection reset by peer")))
        .isEqualTo("connection reset by peer");
  }

  @Test
  void aClosedChannelIsThePeersDoing() {
    assertThat(Cause.words(new ClosedChannelException()))
        .isEqualTo("the peer closed the connection");
  }

  @Test
  void anExceptionWithoutWordsKeepsItsName() {
    assertThat(Cause.words(new IOException())).isEqualTo("IOException");
  }
}
