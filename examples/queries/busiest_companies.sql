-- Which companies keep us busiest?
--
-- The twelve companies with most tickets of the last 12 months, beside those of the 12 months before, and the time that
-- agents wrote down for their tickets.

with last_seen as (
    select max(updated_at) as moment from tickets
),

ticket as (
    select
        id,
        company_id,
        created_at >= moment - interval 12 month as is_recent,
        (stats->>'resolved_at') is null and (stats->>'closed_at') is null as is_unsolved
    from tickets, last_seen
    where created_at >= moment - interval 24 month and not deleted and not spam
),

time_spent as (
    select ticket_id, sum(time_spent_in_seconds) / 3600 as hours from time_entries group by ticket_id
)

select
    companies.name as company,
    count(*) filter (is_recent) as tickets,
    count(*) filter (not is_recent) as tickets_of_the_year_before,
    count(*) filter (is_unsolved) as unsolved,
    round(coalesce(sum(hours) filter (is_recent), 0), 1) as hours_written_down
from ticket
join companies on companies.id = ticket.company_id
left join time_spent on time_spent.ticket_id = ticket.id
group by companies.id, companies.name
order by tickets desc, company
limit 12
