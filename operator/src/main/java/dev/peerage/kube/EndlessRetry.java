package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import org.slf4j.LoggerFactory;

/**
 * A reconciler whose failures are told in one sentence each and tried again without end, after
 * {@link RetryPolicy#STANDARD}.
 */
public interface EndlessRetry<P extends HasMetadata> extends Reconciler<P> {
  @Override
  default ErrorStatusUpdateControl<P> updateErrorStatus(
      P object, Context<P> context, Exception failure) {
    int attempt = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) + 1;
    // The API server's own words are enough; anything else is a fault of ours.
    boolean refused = failure instanceof KubernetesClientException;
    LoggerFactory.getLogger(getClass())
        .error(
            "Reconciling {} {} failed, attempt {}; trying again in {} s or at the next change: {}",
            object.getKind(),
            object.getMetadata().getName(),
            attempt,
            RetryPolicy.STANDARD.after(attempt).toSeconds(),
            failure instanceof KubernetesClientException e ? Writes.reason(e) : failure.toString(),
            refused ? null : failure);
    return ErrorStatusUpdateControl.noStatusUpdate();
  }
}
