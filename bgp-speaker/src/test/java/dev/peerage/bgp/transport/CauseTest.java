package dev.peerage.bgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** As Netty makes them of an error number, the peer's address behind it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1   | Operation not permitted           | operation not permitted (a packet filter of this host, or a missing right)
          13  | Permission denied                 | permission denied (a prohibit route, a packet filter, or a missing right)
          23  | Too many open files in system     | too many open files
          24  | Too many open files               | too many open files
          32  | Broken pipe                       | the peer does not read any more (broken pipe)
          97  | Address family not supported      | this host does not have the peer's IP version
          98  | Address already in use            | address already in use
          99  | Cannot assign requested address   | cannot assign requested address
          100 | Network is down                   | the network device is down
          101 | Network is unreachable            | network is unreachable
          103 | Software caused connection abort  | software caused connection abort
          104 | Connection reset by peer          | connection reset by peer
          105 | No buffer space available         | the kernel has no memory for it
          110 | Connection timed out              | connection timed out
          111 | Connection refused                | connection refused
          112 | Host is down                      | the peer's host is down
          113 | No route to host                  | no route to host
          """)
  void everyErrorNumberHasWords(int number, String text, String words) {
    for (String call :
        new String[] {"connect", "finishConnect", "recvAddress", "writevAddresses"}) {
      String native_ = call + "(..) failed with error(-" + number + "): " + text;
      assertThat(Cause.words(new IOException(native_))).isEqualTo(words);
      assertThat(Cause.words(new ConnectException(native_ + ": /192.0.2.1:179"))).isEqualTo(words);
    }
  }

  @Test
  void whatHasOnlyItsClassHasWordsToo() {
    // Netty writes the address behind a message that is not there.
    for (String message :
        new String[] {null, "null: /192.0.2.1:179", "null: /[2001:db8:0:0:0:0:0:1]:179"}) {
      assertThat(Cause.words(new NoRouteToHostException(message)))
          .isEqualTo("host or network unreachable (no route, or no answer on the link)");
      assertThat(Cause.words(new ConnectException(message)))
          .isEqualTo("the connection was not made");
      assertThat(Cause.words(new BindException(message)))
          .isEqualTo("the local address cannot be used");
    }
    assertThat(Cause.words(new UnresolvedAddressException()))
        .isEqualTo("the address is not resolved");
    assertThat(Cause.words(new UnsupportedAddressTypeException()))
        .isEqualTo("this host does not have the peer's IP version");
    assertThat(Cause.words(new NotYetConnectedException()))
        .isEqualTo("the connection is not there yet");
  }
}
