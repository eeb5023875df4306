package dev.peerage.http;

import dev.peerage.bgp.wire.IpText;
import dev.peerage.kube.RetryPolicy;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one address and answers GET requests, within {@link HttpBounds}. An address on which
 * it cannot listen is told and tried again without an end: nothing else in the process depends on
 * it. It has an event loop of its own, so that whatever is done to it delays neither another
 * listener nor a session.
 */
final class HttpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);

  // Connections that the kernel keeps until they are accepted.
  private static final int BACKLOG = 64;

  /**
   * What a listener is for.
   *
   * @param title what it serves, for messages
   * @param consequence what follows while it cannot listen
   * @param remedy how to choose another address
   */
  record Purpose(String title, String consequence, String remedy) {}

  private final Purpose purpose;
  private final InetSocketAddress address;
  private final HttpBounds bounds;
  private final Optional<Certificates> certificates;
  private final HttpExchange.Shared shared;
  private final ExecutorService threads;
  private final MultiThreadIoEventLoopGroup loop;

  private volatile @Nullable Channel listening;
  private volatile String problem = "";
  private volatile boolean closed;

  private HttpListener(
      Purpose purpose,
      InetSocketAddress address,
      HttpBounds bounds,
      Optional<Certificates> certificates,
      Responder responder) {
    this.purpose = purpose;
    this.address = address;
    this.bounds = bounds;
    this.certificates = certificates;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    this.shared =
        new HttpExchange.Shared(
            purpose.title(),
            bounds,
            responder,
            new Connections(bounds.connections()),
            new Semaphore(bounds.answers(), true),
            threads);
    this.loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
  }

  /**
   * Starts one, which listens when this returns, or tries again later.
   *
   * @param address where; port 0 takes a free one
   * @param certificates those that it shows; without, it speaks plain HTTP
   */
  static HttpListener start(
      Purpose purpose,
      InetSocketAddress address,
      HttpBounds bounds,
      Optional<Certificates> certificates,
      Responder responder) {
    var started = new HttpListener(purpose, address, bounds, certificates, responder);
    started.attempt(1).join();
    return started;
  }

  /** Where it listens; while it does not, where it shall. */
  InetSocketAddress address() {
    Channel channel = listening;
    return channel == null ? address : (InetSocketAddress) channel.localAddress();
  }

  /** Why it does not listen, by what it is for; empty while it does. */
  Map<String, String> problems() {
    String why = problem;
    return why.isEmpty() ? Map.of() : Map.of(purpose.title(), why);
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Done when the attempt is and is known, however it ended. */
  private CompletableFuture<Void> attempt(int number) {
    CompletableFuture<Void> known = new CompletableFuture<>();
    if (certificates.isPresent()) {
      try {
        certificates.get().load();
      } catch (IOException e) {
        failed(number, e.getMessage() == null ? e.toString() : e.getMessage());
        known.complete(null);
        return known;
      }
    }
    bootstrap()
        .bind(address)
        .addListener((ChannelFuture bound) -> {
          if (bound.isSuccess()) {
            listens(bound.channel());
          } else {
            failed(
                number, "cannot listen on %s: %s".formatted(text(address), words(bound.cause())));
          }
          known.complete(null);
        });
    return known;
  }

  private void listens(Channel channel) {
    listening = channel;
    if (!problem.isEmpty()) {
      problem = "";
      log.info("{}: listens on {} now", purpose.title(), text(address()));
    }
  }

  private void failed(int attempt, String why) {
    if (closed) {
      return;
    }
    Duration delay = RetryPolicy.STANDARD.after(attempt);
    if (!why.equals(problem)) {
      log.error(
          "{}: {}; {}; sessions and routes go on; tried again in {} s, then at the latest every {}"
              + " s; {}",
          purpose.title(),
          why,
          purpose.consequence(),
          delay.toSeconds(),
          RetryPolicy.STANDARD.longest().toSeconds(),
          purpose.remedy());
    }
    problem = why;
    try {
      var _ =
          loop.next().schedule(() -> attempt(attempt + 1), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      log.debug("{}: closed", purpose.title());
    }
  }

  private static String words(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.toString() : message.toLowerCase(Locale.ROOT);
  }

  private static String text(InetSocketAddress address) {
    String host = IpText.of(address.getAddress());
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        // Accepted sockets have it from the listening one, before the first segment comes.
        .option(ChannelOption.SO_RCVBUF, HttpBounds.SOCKET)
        .childOption(ChannelOption.SO_SNDBUF, HttpBounds.SOCKET)
        .childOption(ChannelOption.TCP_NODELAY, true)
        // On the heap, which has its own limit: direct memory is the sessions'.
        .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(HttpBounds.READ))
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(HttpBounds.WRITE, 2 * HttpBounds.WRITE))
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) throws IOException {
                if (shared.connections().admit(channel)) {
                  install(channel);
                }
              }
            });
  }

  private void install(SocketChannel channel) throws IOException {
    if (certificates.isPresent()) {
      SslHandler tls = certificates.get().current().newHandler(channel.alloc());
      tls.setHandshakeTimeoutMillis(bounds.request().toMillis());
      channel.pipeline().addLast(tls);
    }
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(HttpBounds.LINE)
                    .setMaxHeaderSize(HttpBounds.FIELDS)
                    .setMaxChunkSize(HttpBounds.READ)
                    .setInitialBufferSize(128)),
            new HttpExchange(shared));
  }
}
