"""WhatsApp's “Export chat”: one text file, with or without media, in any language and calendar.

words_of_time, words_of_body   what languages write: plain data, a locale is a few more words
calendars                      year, month, day of any calendar → days since 1970
stamp                          the header in front of a message → numbers
date_order                     which of the numbers is the day
stretches                      a text cut at the headers nearly all its messages have: whole columns at once
survey                         first pass over a file: its shape, its senders, the evidence for the date order
body                           the text after the header → what kind of message it is
poll                           the lines of a poll → question, options, votes
media                          names of attachments → the files given
reader                         second pass: events
"""
