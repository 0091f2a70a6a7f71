/*
 * How texts become values of features when a classifier is learned. Private to
 * class_train.c; what a model needs of it stands in its file.
 *
 * Chosen by ten-fold cross-validation over the even rows of banking77, smp2019
 * and trec: powers of the idf of 0 to 1, weights of the pieces of .3 to 1.4,
 * texts that a feature must be in of 1 and 2. What they give on the odd rows,
 * by which nothing was chosen, is printed by tests/eval/classify.py: .908, .926
 * and .881; that what is unknown counts in the length of a text was chosen by
 * the questions out of scope of clinc150.
 */
#ifndef KB_CLASSIFY_CLASS_TRAIN_WEIGHTS_H
#define KB_CLASSIFY_CLASS_TRAIN_WEIGHTS_H

#define IDF_POWER  .7
#define PIECES	   .7f
#define MANY_TEXTS 5000 /* from which on a feature must be in two of them */

#endif
