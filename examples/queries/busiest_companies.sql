-- Which companies keep us busiest?
--
-- The twelve companies with most tickets of the last 12 months, beside those of the 12 months before, and the time that
-- agents entered for their tickets.

with last_seen as (
    select max(updated_at) as moment from views.ticket_enriched
),

time_spent as (
    select ticket_id, sum(time_spent_in_seconds) / 3600 as hours from time_entries group by ticket_id
),

ticket as (
    select company_name, company_id, is_solved, hours, created_at >= moment - interval 12 month as is_recent
    from views.ticket_enriched
    cross join last_seen
    left join time_spent on time_spent.ticket_id = ticket_enriched.id
    where created_at >= moment - interval 24 month and company_name is not null and not deleted and not spam
)

select
    company_name as company,
    count(*) filter (is_recent) as tickets,
    count(*) filter (not is_recent) as tickets_of_the_year_before,
    count(*) filter (not is_solved) as unsolved,
    round(coalesce(sum(hours) filter (is_recent), 0), 1) as hours_entered
from ticket
group by company_id, company_name
order by tickets desc, company
limit 12
