@NullMarked
package io.urteil.model;

import org.jspecify.annotations.NullMarked;
