package dev.peerage.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An API server and the pods of agents behind it, as far as the commands that ask agents need them:
 * it lists pods, and forwards ports over WebSocket (subprotocol {@code v4.channel.k8s.io}: a byte
 * for the channel, data or error, before every message, whose first names the port). Agents that
 * answer do so only when the last of them has been asked.
 */
final class SimulatedCluster implements AutoCloseable {
  private static final String NAMESPACE = "peerage-system";
  private static final int PORT = 17901;
  private static final int LARGEST_REQUEST = 65_536;
  private static final byte DATA = 0;
  private static final byte ERROR = 1;

  /** What an agent does. */
  enum Manner {
    /** It answers. */
    ANSWERS,
    /** The kubelet refuses to forward a port to it. */
    REFUSES,
    /** It ends the connection instead of answering. */
    HANGS_UP,
    /** It takes the question and says nothing. */
    SILENT,
    /** Its pod does not run yet. */
    PENDING
  }

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<Manner> agents;
  private final byte[] answer;
  private final Channel listening;
  private final List<Channel> asked = new ArrayList<>(); // by the one event loop

  private SimulatedCluster(List<Manner> agents, String answer) {
    this.agents = List.copyOf(agents);
    this.answer = http(answer);
    this.listening =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(LARGEST_REQUEST),
                            new Requests());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  /**
   * Starts one.
   *
   * @param agents the agents of the nodes {@code node-0}, {@code node-1}, …
   * @param answer the JSON that they answer every question with
   */
  static SimulatedCluster start(List<Manner> agents, String answer) {
    return new SimulatedCluster(agents, answer);
  }

  /** The name of a node. */
  static String node(int number) {
    return "node-" + number;
  }

  /** Writes a kubeconfig for it. */
  Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: simulated, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: nobody, user: {}}]
        contexts: [{name: simulated, context: {cluster: simulated, user: nobody}}]
        current-context: simulated
        """
            .formatted(((InetSocketAddress) listening.localAddress()).getPort()));
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 30, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static byte[] http(String json) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + "Content-Length: "
            + json.getBytes(StandardCharsets.UTF_8).length
            + "\r\n\r\n"
            + json)
        .getBytes(StandardCharsets.UTF_8);
  }

  private String pods() {
    List<Pod> pods = new ArrayList<>();
    for (int i = 0; i < agents.size(); i++) {
      pods.add(
          new PodBuilder()
              .withNewMetadata()
              .withNamespace(NAMESPACE)
              .withName("agent-" + i)
              .endMetadata()
              .withNewSpec()
              .withNodeName(node(i))
              .addNewContainer()
              .withName("agent")
              .addNewPort()
              .withName("looking-glass")
              .withContainerPort(PORT)
              .endPort()
              .endContainer()
              .endSpec()
              .withNewStatus()
              .withPhase(agents.get(i) == Manner.PENDING ? "Pending" : "Running")
              .endStatus()
              .build());
    }
    return new KubernetesSerialization()
        .asJson(new PodListBuilder().withItems(pods).withNewMetadata().endMetadata().build());
  }

  /** What the API server itself is asked. */
  private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      String path = request.uri().replaceFirst("\\?.*", "");
      if (path.equals("/api/v1/pods")) {
        respond(context, HttpResponseStatus.OK, pods());
        return;
      }
      String pod = path.replaceFirst(".*/pods/agent-(\\d+)/portforward", "$1");
      Manner manner = agents.get(Integer.parseInt(pod));
      switch (manner) {
        case REFUSES, PENDING ->
            respond(
                context,
                HttpResponseStatus.FORBIDDEN,
                """
                {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403,
                 "reason": "Forbidden", "message": "pods/portforward is forbidden"}
                """);
        case ANSWERS, HANGS_UP, SILENT ->
            new WebSocketServerHandshakerFactory(request.uri(), "*", false)
                .newHandshaker(request)
                .handshake(context.channel(), request)
                .addListener(
                    (ChannelFutureListener)
                        done -> {
                          done.channel().pipeline().replace(this, "frames", new Frames(manner));
                          send(done.channel(), DATA, port());
                          send(done.channel(), ERROR, port());
                        });
      }
    }

    private void respond(ChannelHandlerContext context, HttpResponseStatus status, String json) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(json, StandardCharsets.UTF_8));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
          .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
      context.writeAndFlush(response);
    }
  }

  private static byte[] port() {
    return new byte[] {(byte) PORT, (byte) (PORT >> Byte.SIZE)}; // the lower byte first
  }

  private static void send(Channel channel, byte kind, byte[] bytes) {
    channel.writeAndFlush(
        new BinaryWebSocketFrame(
            Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(new byte[] {kind}), copy(bytes))));
  }

  private static ByteBuf copy(byte[] bytes) {
    return Unpooled.copiedBuffer(bytes);
  }

  /** What arrives through a forwarded port. */
  private final class Frames extends SimpleChannelInboundHandler<BinaryWebSocketFrame> {
    private final Manner manner;
    private final StringBuilder request = new StringBuilder();

    Frames(Manner manner) {
      this.manner = manner;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, BinaryWebSocketFrame frame) {
      if (frame.content().readByte() != DATA) {
        return;
      }
      request.append(frame.content().toString(StandardCharsets.US_ASCII));
      if (!request.toString().endsWith("\r\n\r\n")) {
        return;
      }
      switch (manner) {
        case ANSWERS -> asked(context.channel());
        case HANGS_UP -> context.close();
        case SILENT, REFUSES, PENDING -> {}
      }
    }
  }

  private void asked(Channel channel) {
    asked.add(channel);
    if (asked.size() == agents.stream().filter(each -> each == Manner.ANSWERS).count()) {
      asked.forEach(each -> send(each, DATA, answer));
    }
  }
}
