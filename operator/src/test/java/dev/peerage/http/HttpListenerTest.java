package dev.peerage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients can and cannot do to a listener, over real sockets. */
class HttpListenerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final HttpListener.Purpose PURPOSE =
      new HttpListener.Purpose("test", "nothing is missing", "choose another");
  private static final String GET = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private HttpListener listen(HttpBounds bounds, Responder responder) {
    return listen(ANY_PORT, bounds, Optional.empty(), responder);
  }

  private HttpListener listen(
      InetSocketAddress address,
      HttpBounds bounds,
      Optional<Certificates> certificates,
      Responder responder) {
    HttpListener listener = HttpListener.start(PURPOSE, address, bounds, certificates, responder);
    open.add(listener);
    return listener;
  }

  private RawClient connect(HttpListener listener) {
    RawClient client = RawClient.connect(listener.address());
    open.add(client);
    return client;
  }

  private static Answer ok(Request request) {
    return Answer.text(200, "ok");
  }

  private static HttpBounds bounds(int connections) {
    return new HttpBounds(connections, 2, LONG, LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1073741824", "Transfer-Encoding: chunked"})
  void aBodyIsRefusedUnread(String body) throws Exception {
    var listener = listen(bounds(4), HttpListenerTest::ok);
    var client = connect(listener);
    client.send("POST /healthz HTTP/1.1\r\nHost: here\r\n" + body + "\r\n\r\n");
    String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    CompletableFuture<Integer> sent =
        CompletableFuture.supplyAsync(() -> {
          int chunks = 0;
          try {
            for (; chunks < 0x8000; chunks++) {
              client.send(chunk);
            }
          } catch (IOException _) {
            // It is not read.
          }
          return chunks;
        });

    assertThat(client.status()).isEqualTo("HTTP/1.1 405 Method Not Allowed");
    // What the kernel and the wire hold, of a gigabyte.
    assertThat(sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isLessThan(1024);
    assertThat(connect(listener).send(GET).status()).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void aBodyOfAGetIsNotReadEither() throws Exception {
    var listener = listen(bounds(4), HttpListenerTest::ok);
    var client = connect(listener);

    client.send("GET / HTTP/1.1\r\nHost: here\r\nContent-Length: 1073741824\r\n\r\nxxx");

    assertThat(client.read()).startsWith("HTTP/1.1 200 OK").endsWith("ok\n");
  }

  @Test
  void connectionsThatAskForNothingMakeRoomForOneThatDoes() throws Exception {
    var listener = listen(bounds(8), HttpListenerTest::ok);
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      slow.add(connect(listener).send("GET / HT"));
    }

    assertThat(connect(listener).send(GET).status()).isEqualTo("HTTP/1.1 200 OK");
    // All but the last seven were closed to let others in, without a word.
    assertThat(slow.subList(0, slow.size() - 8))
        .allSatisfy(each -> assertThat(each.read()).isEmpty());
  }

  @Test
  void connectionsThatHaveTheirAnswerMakeRoomToo() throws Exception {
    var listener = listen(bounds(4), HttpListenerTest::ok);
    for (int i = 0; i < 100; i++) {
      connect(listener).send("POST / HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n");
    }

    assertThat(connect(listener).send(GET).status()).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void whereAllHaveAskedTheNextOneIsClosed() throws Exception {
    var goOn = new CountDownLatch(1);
    var asked = new AtomicInteger();
    var listener =
        listen(
            new HttpBounds(2, 2, LONG, LONG),
            request -> {
              asked.incrementAndGet();
              goOn.await();
              return ok(request);
            });
    var first = connect(listener).send(GET);
    var second = connect(listener).send(GET);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(asked).hasValue(2));

    assertThat(turnedAway(listener)).isTrue();

    goOn.countDown();
    assertThat(first.status()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(second.status()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(connect(listener).send(GET).status()).isEqualTo("HTTP/1.1 200 OK");
  }

  private boolean turnedAway(HttpListener listener) {
    try {
      return connect(listener).read().isEmpty();
    } catch (UncheckedIOException _) {
      return true; // reset so soon that the connection was never seen to be up
    }
  }

  @Test
  void soManyAnswersAreMadeAtATimeAndTheOthersWait() throws Exception {
    var goOn = new CountDownLatch(1);
    var atATime = new AtomicInteger();
    var most = new AtomicInteger();
    var listener =
        listen(
            new HttpBounds(16, 2, LONG, LONG),
            request -> {
              most.accumulateAndGet(atATime.incrementAndGet(), Math::max);
              goOn.await();
              atATime.decrementAndGet();
              return ok(request);
            });
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(connect(listener).send(GET));
    }
    goOn.countDown();

    assertThat(clients).allSatisfy(each -> assertThat(each.status()).isEqualTo("HTTP/1.1 200 OK"));
    assertThat(most.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void aHeadThatIsTooLongIsRefused() throws Exception {
    var listener = listen(bounds(4), HttpListenerTest::ok);

    assertThat(
            connect(listener)
                .send("GET / HTTP/1.1\r\nA: " + "x".repeat(HttpBounds.FIELDS) + "\r\n\r\n")
                .status())
        .startsWith("HTTP/1.1 431");
    assertThat(
            connect(listener)
                .send("GET /" + "x".repeat(HttpBounds.LINE) + " HTTP/1.1\r\n\r\n")
                .status())
        .startsWith("HTTP/1.1 414");
    assertThat(
            connect(listener)
                .send("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(HttpBounds.FIELDS / 2) + "\r\n")
                .status())
        .startsWith("HTTP/1.1 431");
    assertThat(connect(listener).send("no HTTP at all\r\n\r\n").status())
        .startsWith("HTTP/1.1 400");
    assertThat(connect(listener).send("GET /?a=%ZZ HTTP/1.1\r\n\r\n").status())
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void aRequestThatDoesNotEndIsClosed() throws Exception {
    var listener = listen(new HttpBounds(4, 2, SHORT, LONG), HttpListenerTest::ok);

    assertThat(connect(listener).send("GET / HTTP/1.1\r\nHost: he").read()).isEmpty();
    assertThat(connect(listener).read()).isEmpty();
  }

  @Test
  void anAnswerThatIsNotReadIsBrokenOff() throws Exception {
    var ended = new CompletableFuture<IOException>();
    var listener =
        listen(
            new HttpBounds(4, 2, LONG, Duration.ofSeconds(1)),
            request ->
                request.path().equals("/endless")
                    ? new Answer.Streamed(
                        "text/plain",
                        out -> {
                          try {
                            while (true) {
                              out.write(new byte[1000]);
                            }
                          } catch (IOException e) {
                            ended.complete(e);
                            throw e;
                          }
                        })
                    : ok(request));
    for (int i = 0; i < 4; i++) {
      connect(listener).send("GET /endless HTTP/1.1\r\n\r\n");
    }

    assertThat(ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(connect(listener).send(GET).status()).isEqualTo("HTTP/1.1 200 OK"));
  }

  @Test
  void anAnswerThatFailsHalfwayDoesNotLookWhole() throws Exception {
    var listener =
        listen(
            bounds(4),
            _ ->
                new Answer.Streamed(
                    "text/plain",
                    out -> {
                      out.write(new byte[HttpBounds.WRITE * 2]);
                      throw new IllegalStateException("on purpose");
                    }));

    assertThat(connect(listener).send(GET).read())
        .startsWith("HTTP/1.1 200 OK")
        .doesNotEndWith("0\r\n\r\n");
  }

  @Test
  void anOldClientGetsAStreamWithoutChunks() throws Exception {
    var listener =
        listen(
            bounds(4),
            _ ->
                new Answer.Streamed("text/plain", out -> out.write("all of it".getBytes("UTF-8"))));

    assertThat(connect(listener).send("GET / HTTP/1.0\r\n\r\n").read())
        .endsWith("\r\n\r\nall of it");
    assertThat(connect(listener).send(GET).read()).endsWith("\r\n\r\n9\r\nall of it\r\n0\r\n\r\n");
  }

  @Test
  void aHandshakeThatDoesNotEndIsClosed(@TempDir Path folder) throws Exception {
    TestCertificate.make(folder).write(folder);
    var listener =
        listen(
            ANY_PORT,
            new HttpBounds(4, 2, SHORT, LONG),
            Optional.of(new Certificates(folder, InstantSource.system())),
            HttpListenerTest::ok);

    assertThat(connect(listener).read()).isEmpty();
    // The begin of a ClientHello.
    assertThat(connect(listener).send("\u0016\u0003\u0001\u0001\u0000\u0001").read()).isEmpty();
    assertThat(connect(listener).send("no TLS at all\r\n\r\n").read()).doesNotContain("HTTP");
  }

  @Test
  void aTakenPortIsToldAndTriedAgain() throws Exception {
    HttpListener listener;
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener =
          listen(
              (InetSocketAddress) other.getLocalSocketAddress(),
              bounds(4),
              Optional.empty(),
              HttpListenerTest::ok);
      assertThat(listener.problems())
          .containsEntry(
              "test",
              "cannot listen on 127.0.0.1:" + other.getLocalPort() + ": address already in use");
    }

    await().atMost(LIMIT).untilAsserted(() -> assertThat(listener.problems()).isEmpty());
    assertThat(connect(listener).send(GET).status()).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void certificatesThatAreNotThereYetAreTriedAgain(@TempDir Path folder) throws Exception {
    var listener =
        listen(
            ANY_PORT,
            bounds(4),
            Optional.of(new Certificates(folder, InstantSource.system())),
            HttpListenerTest::ok);
    assertThat(listener.problems())
        .containsEntry("test", folder.resolve("tls.crt") + " is not there");

    TestCertificate.make(folder).write(folder);

    await().atMost(LIMIT).untilAsserted(() -> assertThat(listener.problems()).isEmpty());
  }

  @Test
  void closingFreesThePortAndEndsWhatIsUnderWay() throws Exception {
    var asked = new CountDownLatch(1);
    var listener =
        listen(
            bounds(4),
            _ -> {
              asked.countDown();
              return waitForEver();
            });
    var client = connect(listener).send(GET);
    assertThat(asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    InetSocketAddress address = listener.address();

    listener.close();

    assertThat(client.read()).isEmpty();
    try (var again = new ServerSocket()) {
      again.bind(address);
    }
  }

  private static Answer waitForEver()
      throws InterruptedException, ExecutionException, TimeoutException {
    new CountDownLatch(1).await();
    return ok(new Request("/", Map.of(), Optional.empty()));
  }
}
