package dev.peerage.cli;

import dev.peerage.agent.Agent;
import dev.peerage.http.Explaining;
import dev.peerage.why.WhyQuery;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What an agent's looking glass can say of its decisions. */
record AgentExplaining(Agent agent) implements Explaining {
  @Override
  public Object why(Map<String, String> query)
      throws InterruptedException, ExecutionException, TimeoutException {
    return agent.why(WhyQuery.of(query));
  }

  @Override
  public Object problems() {
    return agent.problems();
  }
}
