// Prints the occurrences that ical.js finds in a calendar, one JSON object a line.
// node occurrences.mjs FOLDER FILE FROM TO: FOLDER holds node_modules/ical.js; FROM and TO are
// UTC dates, and an occurrence counts when FROM <= its start < TO.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, file, from, to] = process.argv.slice(2);
const loaded = createRequire(resolve(folder, "package.json"))("ical.js");
const ICAL = loaded.default ?? loaded;
const DAY = 86400;
const beyond = Date.parse(`${to}T00:00:00Z`) / 1000 + 60 * DAY; // a date may have been moved back

function written(time) {
  if (time.isDate || time.zone === ICAL.Timezone.localTimezone) return time.toString();
  return time.convertToZone(ICAL.Timezone.utcTimezone).toString();
}

function print(uid, start, end, item) {
  const text = written(start);
  if (text < from || text >= to) return;
  const status = item.component.getFirstPropertyValue("status");
  console.log(JSON.stringify({ uid, start: text, end: written(end), summary: item.summary, status }));
}

const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf-8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const parts = calendar.getAllSubcomponents("vevent");
const exceptions = new Map();
for (const part of parts.filter((each) => each.hasProperty("recurrence-id"))) {
  const uid = part.getFirstPropertyValue("uid");
  exceptions.set(uid, [...(exceptions.get(uid) ?? []), part]);
}
for (const part of parts.filter((each) => !each.hasProperty("recurrence-id"))) {
  const uid = part.getFirstPropertyValue("uid");
  const event = new ICAL.Event(part, { exceptions: exceptions.get(uid) ?? [] });
  const dates = event.iterator();
  for (let date = dates.next(); date && date.toUnixTime() < beyond; date = dates.next()) {
    const found = event.getOccurrenceDetails(date);
    print(uid, found.startDate, found.endDate, found.item);
  }
}
