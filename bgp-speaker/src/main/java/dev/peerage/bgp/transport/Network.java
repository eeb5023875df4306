package dev.peerage.bgp.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loop and the sockets of a speaker. */
public final class Network {
  private static final Logger LOG = LoggerFactory.getLogger(Network.class);

  // A peer that reads slowly holds this much at most beside one slice of a table dump.
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  // The kernel would grow it to megabytes of routes that nobody can take back any more.
  private static final int SEND_BUFFER = 256 * 1024;

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final Class<? extends Channel> socket;
  private final Class<? extends ServerChannel> serverSocket;
  private final boolean epoll;

  private Network(boolean epoll) {
    this.epoll = epoll;
    IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("bgp", true), handler);
    loop = group.next();
    socket = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    serverSocket = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** Starts an event loop with one thread. */
  public static Network start() {
    boolean epoll = Epoll.isAvailable();
    if (!epoll) {
      LOG.warn(
          "epoll is not available, the IP TTL of sessions cannot be set: {}",
          Epoll.unavailabilityCause().getMessage());
    }
    return new Network(epoll);
  }

  /** The loop that owns everything. */
  public EventLoop loop() {
    return loop;
  }

  /**
   * Where to dial.
   *
   * @param remote the peer's socket
   * @param local the address to bind, empty = by route
   * @param hops IP TTL or hop limit, 0 = the system's default
   */
  public record Target(InetSocketAddress remote, Optional<InetSocketAddress> local, int hops) {}

  /**
   * Opens a connection. When it fails, {@link Dial#failed} of the returned dial is completed; there
   * is no time limit but {@link Dial#cancel}.
   */
  public Dial dial(Target target, ConnectionEvents events) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(socket)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_SNDBUF, SEND_BUFFER)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    setHops(channel, target.remote(), target.hops());
                    Connection.install(channel, events, true);
                  }
                });
    ChannelFuture connecting =
        target
            .local()
            .map(local -> bootstrap.connect(target.remote(), local))
            .orElseGet(() -> bootstrap.connect(target.remote()));
    return new Dial(connecting);
  }

  /**
   * How an accepted connection is treated.
   *
   * @param events who gets it
   * @param hops IP TTL or hop limit, 0 = the system's default
   */
  public record Admission(ConnectionEvents events, int hops) {}

  /**
   * Listens; connections for which {@code admission} has no answer are closed before anything is
   * read.
   *
   * @return the listening channel, to close it; fails when the address cannot be bound
   */
  public CompletableFuture<Channel> listen(
      InetSocketAddress address, Function<InetSocketAddress, Optional<Admission>> admission) {
    CompletableFuture<Channel> listening = new CompletableFuture<>();
    new ServerBootstrap()
        .group(loop)
        .channel(serverSocket)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
                admission
                    .apply(remote)
                    .ifPresentOrElse(
                        admitted -> {
                          setHops(channel, remote, admitted.hops());
                          Connection.install(channel, admitted.events(), false);
                        },
                        channel::close);
              }
            })
        .bind(address)
        .addListener((ChannelFuture bound) -> {
          if (bound.isSuccess()) {
            listening.complete(bound.channel());
          } else {
            listening.completeExceptionally(bound.cause());
          }
        });
    return listening;
  }

  private void setHops(Channel channel, InetSocketAddress remote, int hops) {
    if (hops > 0 && epoll) {
      channel.config().setOption(HopLimit.of(remote.getAddress()), hops);
    }
  }

  /** Ends the loop after what is queued. */
  public CompletableFuture<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).addListener(_ -> closed.complete(null));
    return closed;
  }
}
