package dev.peerage.interop;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** BIRD, without a kernel protocol: it changes no kernel route. */
final class Bird implements Router {
  private final Daemon daemon;
  private final String title;

  Bird(Ground ground, List<String> wrapper) {
    daemon = new Daemon(ground, wrapper);
    var version = daemon.run(List.of("/usr/sbin/bird", "--version"));
    title = "BIRD " + (version.out() + version.err()).replaceAll("\\D*([0-9.]+).*", "$1").strip();
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Map<Scenario, String> lacks() {
    return Map.of();
  }

  @Override
  public void start(Start how) {
    List<String> without = how == Start.AGAIN ? List.of("static more4", "static more6") : List.of();
    String config = daemon.configure("bird.conf", without).toString();
    daemon.start(
        Map.of(),
        how == Start.AGAIN
            ? List.of("/usr/sbin/bird", "-f", "-R", "-c", config, "-s", socket())
            : List.of("/usr/sbin/bird", "-f", "-c", config, "-s", socket()),
        () -> daemon.run(birdc("show status")).exit() == 0);
  }

  @Override
  public Daemon daemon() {
    return daemon;
  }

  @Override
  public boolean established(Session session) {
    return protocol(session).contains("Established");
  }

  @Override
  public String incarnation(Session session) {
    return summary(session);
  }

  @Override
  public Optional<Seen> received(Session session, String prefix) {
    String text = birdcAsk("show route " + prefix + " protocol " + session.instance() + " all");
    if (!text.contains(prefix)) {
      return Optional.empty();
    }
    return Optional.of(
        new Seen(
            attribute(text, "next_hop").replaceFirst(" .*", ""),
            attribute(text, "(?:as_)?path"),
            communities(attribute(text, "community")),
            communities(attribute(text, "large_community")),
            Long.parseLong("0" + attribute(text, "local_pref"))));
  }

  @Override
  public int received(Session session) {
    return Integer.parseInt(first(protocol(session), "Routes:\\s+(\\d+) imported").orElse("0"));
  }

  @Override
  public long updates(Session session) {
    return Long.parseLong(first(protocol(session), "Import updates:\\s+(\\d+)").orElse("0"));
  }

  @Override
  public void more(boolean announced) {
    if (announced) { // after a start without them it does not know them
      daemon.configure("bird.conf", List.of());
      birdcAsk("configure");
    }
    String verb = announced ? "enable " : "disable ";
    birdcAsk(verb + "more4");
    birdcAsk(verb + "more6");
  }

  @Override
  public void askRefresh(Session session) {
    String reload = title.startsWith("BIRD 2") ? "reload in " : "reload bgp in ";
    birdcAsk(reload + session.instance());
  }

  @Override
  public boolean enhancedRefresh(Session session) {
    return protocol(session).split("Enhanced refresh", -1).length == 3;
  }

  @Override
  public void shutDown(Session session, String text) {
    birdcAsk("disable " + session.instance() + " \"" + text + "\"");
  }

  @Override
  public void enable(Session session) {
    birdcAsk("enable " + session.instance());
  }

  @Override
  public String lastError(Session session) {
    return first(protocol(session), "Last error:\\s+(.*)").orElse("")
        + " "
        + first(protocol(session), "Message:\\s+(.*)").orElse("");
  }

  private String protocol(Session session) {
    return birdcAsk("show protocols all " + session.instance());
  }

  private String summary(Session session) {
    return birdcAsk("show protocols " + session.instance());
  }

  private String socket() {
    return daemon.folder().resolve("bird.ctl").toString();
  }

  private String birdcAsk(String command) {
    return daemon.run(birdc(command)).out();
  }

  private List<String> birdc(String command) {
    return List.of("/usr/sbin/birdc", "-s", socket(), command);
  }

  // BIRD 2 writes BGP.as_path, BIRD 3 bgp_path.
  private static String attribute(String text, String name) {
    return first(text, "(?:BGP\\.|bgp_)" + name + ": ?(.*)").orElse("");
  }

  /** {@code (65000,100) (65000, 1, 100)} as {@code 65000:100} and {@code 65000:1:100}. */
  private static Set<String> communities(String text) {
    Set<String> communities = new HashSet<>();
    Matcher matcher = Pattern.compile("\\(([0-9, ]+)\\)").matcher(text);
    while (matcher.find()) {
      communities.add(matcher.group(1).replace(" ", "").replace(',', ':'));
    }
    return communities;
  }

  private static Optional<String> first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }
}
