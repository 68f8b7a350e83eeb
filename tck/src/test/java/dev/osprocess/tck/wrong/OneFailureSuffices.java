// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Ends a trial at its first failure. Found by JUnit through META-INF/services, where that is asked for; each trial has a
 * class of its own, from its class loader.
 */
public final class OneFailureSuffices implements ExecutionCondition, TestExecutionExceptionHandler {
    static final String REASON = "one failure suffices";

    private static volatile boolean failed;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return failed ? ConditionEvaluationResult.disabled(REASON) : ConditionEvaluationResult.enabled("none so far");
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        failed = true;
        throw thrown;
    }
}
