package io.urteil.checkpoint;

/**
 * One file of a checkpoint folder.
 *
 * @param sha256 lower-case hexadecimal
 * @param size in bytes
 */
public record StoredFile(String name, String sha256, long size) {}
