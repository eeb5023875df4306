package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of address allocation, one story each: see rules.txt for its words. */
class RulesTest {
  private final IpamWorld world = new IpamWorld();

  record Story(String title, List<String> lines) {
    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Story> stories() {
    try (var in = Objects.requireNonNull(RulesTest.class.getResourceAsStream("rules.txt"))) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("(?m)^## "))
          .skip(1)
          .map(story -> story.lines().map(String::strip).filter(line -> !line.isEmpty()).toList())
          .map(lines -> new Story(lines.getFirst(), lines.subList(1, lines.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void comesTrue(Story story) {
    for (var line : story.lines) {
      var words = line.split(" +", 3);
      run(line, words[0], words.length > 1 ? words[1] : "", words.length > 2 ? words[2] : "");
    }
    assertThat(story.lines).anyMatch(line -> line.matches("(has|counts|pool-says) .*"));
  }

  private void run(String line, String verb, String name, String rest) {
    switch (verb) {
      case "pool" -> {
        var day = rest.matches("day \\d .*") ? rest.charAt(4) : '1';
        var spec = rest.matches("day \\d .*") ? rest.substring(6) : rest;
        world.pool(name, "2026-01-0" + day + "T00:00:00Z", spec);
      }
      case "no-pool" -> world.deletePool(name);
      case "service" -> world.service(name, rest);
      case "no-service" -> world.delete(name);
      case "spec" -> world.change(name, it -> it.setSpec(merged(it.getSpec(), rest)));
      case "labels" -> world.change(name, it -> it.getMetadata().setLabels(map(rest)));
      case "annotations" -> world.annotate(name, map(rest));
      case "ports" -> world.change(name, it -> it.getSpec().setPorts(ports(rest)));
      case "ingress" -> world.ingress(name, rest.isEmpty() ? new String[0] : rest.split(" "));
      case "wipe" -> world.wipe(name);
      case "restart" -> world.restart();
      case "settle" -> world.settle();
      case "default-ipam" ->
          world.restart(
              Responsibility.of(
                  Responsibility.DefaultIpam.valueOf(name.toUpperCase(Locale.ROOT)),
                  Responsibility.ForeignAddresses.KEEP));
      case "foreign-addresses" ->
          world.restart(
              Responsibility.of(
                  Responsibility.DefaultIpam.LBIPAM,
                  Responsibility.ForeignAddresses.valueOf(name.toUpperCase(Locale.ROOT))));
      case "once" -> world.write(world.plan());
      case "has", "writes" -> {
        if (verb.equals("has")) {
          world.settle();
        }
        var parts = rest.split(" *\\| *");
        var addresses = parts[0].equals("nothing") ? List.of() : List.of(parts[0].split(" "));
        assertThat(world.addresses(name)).as(line).isEqualTo(addresses);
        var condition = world.condition(name);
        if (parts.length == 1) {
          assertThat(condition).as(line).isEmpty();
        } else {
          assertThat(condition).as(line).startsWith(Claim.SATISFIED + " " + parts[1]);
          for (var part : List.of(parts).subList(2, parts.length)) {
            assertThat(condition).as(line).contains(part);
          }
        }
      }
      case "counts" -> {
        world.settle();
        assertThat(world.counts(name)).as(line).isEqualTo(rest);
      }
      case "pool-says" -> {
        world.settle();
        var parts = rest.split(" *\\| *");
        for (var part : List.of(parts).subList(1, parts.length)) {
          assertThat(world.poolCondition(name, parts[0])).as(line).contains(part);
        }
      }
      default -> throw new IllegalArgumentException(line);
    }
  }

  @SuppressWarnings("unchecked")
  private static ServiceSpec merged(ServiceSpec spec, String yaml) {
    Map<String, Object> fields = new HashMap<>();
    fields.putAll(Serialization.unmarshal(Serialization.asJson(spec), Map.class));
    fields.putAll(
        (Map<String, Object>)
            Objects.requireNonNull(
                Serialization.unmarshal("it: {" + yaml + "}", Map.class).get("it")));
    return Serialization.unmarshal(Serialization.asJson(fields), ServiceSpec.class);
  }

  private static Map<String, String> map(String pairs) {
    var map = new HashMap<String, String>();
    for (var pair : pairs.split(" *; *")) {
      if (!pair.isEmpty()) {
        map.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
      }
    }
    return map;
  }

  private static List<ServicePort> ports(String text) {
    return Arrays.stream(text.split(" "))
        .map(it -> it.split("/"))
        .map(it ->
            new ServicePortBuilder().withProtocol(it[0]).withPort(Integer.parseInt(it[1])).build())
        .toList();
  }
}
