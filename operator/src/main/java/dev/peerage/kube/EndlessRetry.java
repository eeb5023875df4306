package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
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
    Throwable cause = cause(failure);
    // The API server's own words are enough; anything else is a fault of ours.
    boolean refused = cause instanceof KubernetesClientException;
    LoggerFactory.getLogger(getClass())
        .error(
            "Reconciling {} {} failed, attempt {}; trying again in {} s or at the next change: {}",
            object.getKind(),
            object.getMetadata().getName(),
            attempt,
            RetryPolicy.STANDARD.after(attempt).toSeconds(),
            cause instanceof KubernetesClientException e ? Writes.reason(e) : cause.toString(),
            refused ? null : cause);
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  /** What failed, without what the SDK's metrics wrap around it. */
  static Throwable cause(Throwable failure) {
    return failure instanceof OperatorException && failure.getCause() != null
        ? cause(failure.getCause())
        : failure;
  }
}
