package dev.peerage.agent;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where an agent keeps what it knows for its next start.
 *
 * @param folder where the file is; it must exist and be writable
 * @param maxAge how old it may be when it is used
 */
public record SnapshotSettings(Path folder, Duration maxAge) {}
