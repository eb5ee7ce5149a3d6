/* Prints the occurrences that libical finds in a calendar, one JSON object a line.
 *
 * occurrences FILE FROM TO: FROM and TO are UTC dates (YYYY-MM-DD); an occurrence counts when
 * FROM <= its start < TO. libical reads the file, its zones and its rules. What it leaves to its
 * callers is done here: RDATE and EXDATE in their zones, and dates told anew (RECURRENCE-ID).
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 200000 }; /* dates of one series */

typedef struct {
    const char *uid;
    time_t date; /* the original start */
} Told;

static const char *from, *to;
static Told *told;
static size_t told_number;

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        exit(2);
    long size = ftell(file);
    char *text = calloc((size_t)size + 1, 1);
    rewind(file);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
        exit(2);
    fclose(file);
    return text;
}

static void json_text(const char *text)
{
    if (!text) {
        printf("null");
        return;
    }
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20)
            printf("\\u%04x", *at);
        else
            putchar(*at);
    }
    putchar('"');
}

static void write_time(char *into, size_t size, time_t when, struct icaltimetype like)
{
    struct tm parts;
    gmtime_r(&when, &parts);
    if (like.is_date)
        strftime(into, size, "%Y-%m-%d", &parts);
    else
        strftime(into, size, like.zone ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%dT%H:%M:%S", &parts);
}

/* The instant of a time; of a date or a floating time, as if it were in UTC. */
static time_t instant(struct icaltimetype time)
{
    return icaltime_as_timet_with_zone(
        time, time.zone ? time.zone : icaltimezone_get_utc_timezone());
}

static void print(icalcomponent *event, time_t start, time_t end)
{
    struct icaltimetype like = icalcomponent_get_dtstart(event);
    char first[32], last[32];
    write_time(first, sizeof first, start, like);
    write_time(last, sizeof last, end, like);
    if (strcmp(first, from) < 0 || strcmp(first, to) >= 0)
        return;
    icalproperty *status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    printf("{\"uid\": ");
    json_text(icalcomponent_get_uid(event));
    printf(", \"start\": \"%s\", \"end\": \"%s\", \"summary\": ", first, last);
    json_text(icalcomponent_get_summary(event));
    printf(", \"status\": ");
    json_text(status ? icalproperty_get_value_as_string(status) : NULL);
    printf("}\n");
}

static int is_left_out(icalcomponent *event, time_t date)
{
    icalproperty *each = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
    for (; each; each = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
        if (instant(icalproperty_get_datetime_with_component(each, event)) == date)
            return 1;
    for (size_t i = 0; i < told_number; i++)
        if (told[i].date == date && !strcmp(told[i].uid, icalcomponent_get_uid(event)))
            return 1;
    return 0;
}

static void print_series(icalcomponent *event, struct icaltimetype beyond)
{
    struct icaltimetype start = icalcomponent_get_dtstart(event);
    time_t length = instant(icalcomponent_get_dtend(event)) - instant(start);
    time_t *dates = calloc(MOST, sizeof *dates);
    size_t number = 0;
    icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    if (rule) {
        icalrecur_iterator *all = icalrecur_iterator_new(icalproperty_get_rrule(rule), start);
        for (struct icaltimetype next = icalrecur_iterator_next(all);
             !icaltime_is_null_time(next) && icaltime_compare(next, beyond) < 0 && number < MOST;
             next = icalrecur_iterator_next(all))
            dates[number++] = instant(next);
        icalrecur_iterator_free(all);
    } else
        dates[number++] = instant(start);
    icalproperty *more = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
    for (; more && number < MOST; more = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
        time_t date = instant(icalproperty_get_datetime_with_component(more, event));
        if (rule || date != instant(start)) /* RFC 5545, 3.8.5.2: a date counts once */
            dates[number++] = date;
    }
    for (size_t i = 0; i < number; i++)
        if (!is_left_out(event, dates[i]))
            print(event, dates[i], dates[i] + length);
    free(dates);
}

static struct icaltimetype beyond(void)
{
    int year, month, day;
    if (sscanf(to, "%d-%d-%d", &year, &month, &day) != 3)
        exit(2);
    struct icaltimetype time = icaltime_null_time();
    time.year = year;
    time.month = month;
    time.day = day + 60; /* a date may have been moved back */
    time.zone = icaltimezone_get_utc_timezone();
    return icaltime_normalize(time);
}

int main(int count, char **words)
{
    if (count != 4)
        return 2;
    from = words[2];
    to = words[3];
    icalcomponent *calendar = icalparser_parse_string(read_file(words[1]));
    if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT)
        return 3;
    int number = icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT);
    told = calloc((size_t)number + 1, sizeof *told);
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        icalproperty *date = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
        if (!date)
            continue;
        told[told_number].uid = icalcomponent_get_uid(event);
        told[told_number++].date = instant(icalproperty_get_datetime_with_component(date, event));
        print(event, instant(icalcomponent_get_dtstart(event)),
              instant(icalcomponent_get_dtend(event)));
    }
    icalcompiter at = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; (event = icalcompiter_deref(&at)); icalcompiter_next(&at))
        if (!icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY))
            print_series(event, beyond());
    return 0;
}
