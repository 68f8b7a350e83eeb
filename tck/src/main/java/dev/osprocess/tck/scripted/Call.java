// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

/** The calls of a {@link ScriptedKernel} that can be made to fail; see {@link ScriptedKernel#failNext}. */
public enum Call {
    /** {@code ProcessBackend.start}. */
    SPAWN,
    /** {@code ProcessBackend.open}. */
    OPEN,
    /** {@code ProcessBackend.exitEvents}. */
    EXIT_EVENTS,
    /** {@code Target.collect}. */
    COLLECT,
    /** {@code Target.signal}. */
    SIGNAL,
    /** {@code Target.liveness}. */
    LIVENESS,
    /** {@code Target.takeStop} and {@code Target.takeContinue}. */
    TAKE_REPORT,
    /** {@code ProcessBackend.waitByNumber}. */
    WAIT_BY_NUMBER,
    /** {@code Target.identity}. */
    IDENTITY,
    /** {@code Target.close}: the handle is closed all the same. */
    CLOSE,
    /** {@code ExitEvents.add}. */
    ADD_EVENT,
    /** {@code ExitEvents.remove}: the events are gone all the same. */
    REMOVE_EVENT,
    /** {@code ExitEvents.await}. */
    AWAIT
}
